import type { BuildOptions } from 'esbuild';

export const root: string;
export const define: Record<string, string>;
export const bundleOptions: BuildOptions;
