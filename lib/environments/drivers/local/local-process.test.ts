import { openLocalHarness } from "@/tests/setup/local-driver";
import { driverSuite } from "../driver.suite";

driverSuite("local driver, plain process", () => openLocalHarness({ strongest: "process" }));
