/** See build.mjs. */
export function build(target: string): Promise<Record<string, string[]>>;
