/**
 * Starts the kernel, see `kernel/index.ts`.
 *
 * @module
 */
import { readKernel } from "./built-files.ts";

declare global {
  // Node has it, but its types leave it to those of browsers.
  namespace WebAssembly {
    const Module: new (bytes: Uint8Array) => Module;
    const Instance: new (module: Module) => { readonly exports: object };
  }
}

/** Addresses in the kernel's memory, and its two functions. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly keysAt: { readonly value: number };
  readonly rpiksAt: { readonly value: number };
  readonly intervalsAt: { readonly value: number };
  readonly nearAt: { readonly value: number };
  readonly candidatesAt: { readonly value: number };
  setKeys(): void;
  scan(upper: number, count: number): number;
}

let module: WebAssembly.Module | undefined;

/** An instance of the kernel, with memory of its own. @throws Failure `kernel-missing` */
export function startKernel(): Kernel {
  module ??= new WebAssembly.Module(readKernel());
  return new WebAssembly.Instance(module).exports as Kernel;
}
