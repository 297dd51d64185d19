import { BANDS, type Cell, type Nps, type Question } from "@/lib/surveys/contract";

/** `+24`, with a true minus sign. */
export function signed(value: number): string {
  return value > 0 ? `+${value}` : value < 0 ? `−${Math.abs(value)}` : "0";
}

export const interval = ({ low, high }: Nps) => `${signed(low)} to ${signed(high)}`;

/** Why a cell is not shown, in words that say the rule and not the number. */
export function withheld(cell: Cell, question?: Question): string {
  if (cell.asked < cell.k) return `Hidden to protect anonymity: fewer than ${cell.k} people were asked`;
  if (cell.state === "few") return `Hidden to protect anonymity: fewer than ${cell.k} answers`;
  if (cell.state === "complement") return "Hidden so that a smaller group cannot be worked out by subtraction";
  return `Mostly ${mostly(cell, question)}. Exact numbers would tell what each person said`;
}

function mostly({ mostly: value }: Cell, question?: Question): string {
  if (BANDS.some((band) => band === value)) return value ?? "";
  return `“${question?.options.find((option) => option.value === value)?.label ?? value}”`;
}
