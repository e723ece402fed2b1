declare const MIGRATION_GUARD_VERSION: string | undefined;

/** The version of the program, put in by the build; run from source it says so. */
export const VERSION: string = typeof MIGRATION_GUARD_VERSION === 'string' ? MIGRATION_GUARD_VERSION : '0.0.0-source';
