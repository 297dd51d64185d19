import { runTypeScript } from "./launcher/foreground.mjs";
import { hostEnv } from "./launcher/host-env.mjs";
import { dataSecrets } from "./launcher/secrets.mjs";
import { dataDirOf } from "./launcher/settings.mjs";

const dataDir = dataDirOf();
const env = hostEnv(dataDir);
process.exit(await runTypeScript("db/migrate.ts", [], { ...env, WAYMARK_SECRET: env.WAYMARK_SECRET || dataSecrets(dataDir).secret }));
