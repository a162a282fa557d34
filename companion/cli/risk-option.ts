/**
 * The option with which commands choose a model of risk.
 *
 * @module
 */
import { Option } from "commander";
import type { RiskModel } from "../risk/risk.ts";
import { DEFAULT_RISK_MODEL, parseRiskConfiguration } from "../risk/risk-configuration.ts";
import { readInput } from "./files.ts";

/** `--risk-config FILE`. */
export function riskConfigOption(): Option {
  return new Option(
    "--risk-config <file>",
    "configuration of the risk model, JSON; see docs/risk.md (default: the Corona-Warn-App's, as in Kazakhstan)",
  ).env("SAQBOL_RISK_CONFIG");
}

/**
 * Reads a configuration; the default without one.
 *
 * @throws Failure `file-unreadable`, `risk-configuration-malformed`
 */
export function riskModelIn(path: string | undefined): RiskModel {
  if (path === undefined) return DEFAULT_RISK_MODEL;
  return parseRiskConfiguration(readInput(path), `The risk configuration ${path}`);
}
