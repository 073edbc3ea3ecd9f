/** The version in package.json: written in by the bundler, and by vitest. */
declare const __ATREST_VERSION__: string;

/** The bundled script of the HTML report, reports/html/client: written in likewise. */
declare const __ATREST_REPORT_SCRIPT__: string;
