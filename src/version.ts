declare const __ATREST_VERSION__: string | undefined;

/** The package's version, put in when the bundle is made. */
export const toolVersion = typeof __ATREST_VERSION__ === 'string' ? __ATREST_VERSION__ : '0.0.0-source';
