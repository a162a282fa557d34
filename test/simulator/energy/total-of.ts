import { CAUSES, type EnergyAccount } from "../../../simulator/energy/account.ts";

/** The sum over all causes, in mAh. */
export function totalOf(account: EnergyAccount): number {
  return CAUSES.reduce((sum, cause) => sum + account[cause], 0);
}
