import { openLocalHarness } from "@/tests/setup/local-driver";
import { driverSuite } from "../driver.suite";

driverSuite("local driver, strongest level of this machine", () => openLocalHarness());
