import { openLocalHarness } from "@/tests/setup/local-driver";
import { driverSuite } from "../driver.suite";

driverSuite("local driver, account of its own", () => openLocalHarness({ strongest: "own-user" }));
