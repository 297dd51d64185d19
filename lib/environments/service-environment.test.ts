import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ENVIRONMENT_NAME } from "./contract";
import { environmentName } from "./service-environment";

describe("the name of a service's environment", () => {
  test("is service and tier, or service, branch and a suffix", () => {
    expect(environmentName("component:default/basket", "development")).toBe("basket-development");
    expect(environmentName("component:default/basket", "feature/Voucher-Codes", "x1y2")).toBe("basket-feature-voucher-codes-x1y2");
    expect(environmentName("component:default/a-very-long-name-of-a-service-indeed", "production")).toBe("a-very-long-name-of-a-service-production");
  });

  test("can always be a host name, whatever the service and the branch are called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.constantFrom("", "ab12"), (service, branch, suffix) => {
        expect(environmentName(`component:default/${service}`, branch, suffix)).toMatch(ENVIRONMENT_NAME);
      }),
    );
  });
});
