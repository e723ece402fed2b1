declare const MIGRATION_GUARD_VERSION: string | undefined;
declare const MIGRATION_GUARD_BUILD: string | undefined;

/** The version of the program, put in by the build; run from source it says so. */
export const VERSION: string = typeof MIGRATION_GUARD_VERSION === 'string' ? MIGRATION_GUARD_VERSION : '0.0.0-source';

/** What the program was built from, as a hash: answers of another build are not this one's. Null when it runs from source. */
export const BUILD: string | null = typeof MIGRATION_GUARD_BUILD === 'string' ? MIGRATION_GUARD_BUILD : null;
