import { DomainError } from "@/lib/core/errors";
import type { EnvironmentDriver } from "./driver";
import { localDriver } from "./local";

const DRIVERS = [localDriver] satisfies EnvironmentDriver[];

/** The driver of that name. Throws DomainError("invalid"). */
export function driverNamed(name: string): EnvironmentDriver {
  const driver = DRIVERS.find((candidate) => candidate.name === name);
  if (driver) return driver;
  const message = `There is no driver "${name}". Available: ${DRIVERS.map((known) => known.name).join(", ")}.`;
  throw new DomainError("invalid", message, { fields: [{ path: "driver", message }] });
}

/** All drivers of this build. */
export const allDrivers = (): EnvironmentDriver[] => [...DRIVERS];
