declare const __VERSION__: string | undefined

/** The program's version, put in by the build; run from source it says so. */
export const version: string = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-source'
