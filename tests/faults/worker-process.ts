import { openDatabase } from "@/db/client";
import { startWorker } from "@/lib/worker/start";

// A worker alone, to be killed. Usage: worker-process.ts <portal's address> <owner's address>
const [, , appUrl = "", ownerUrl = ""] = process.argv;
openDatabase(appUrl);
const { id } = await startWorker(ownerUrl);
process.stdout.write(`${id}\n`);
