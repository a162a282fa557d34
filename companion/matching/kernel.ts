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

/** Compiles the kernel, for as many instances as are wanted, in other threads too. @throws Failure `kernel-missing` */
export function compileKernel(): WebAssembly.Module {
  return new WebAssembly.Module(readKernel());
}

/** An instance of the kernel, with memory of its own. */
export function startKernel(module: WebAssembly.Module): Kernel {
  return new WebAssembly.Instance(module).exports as Kernel;
}
