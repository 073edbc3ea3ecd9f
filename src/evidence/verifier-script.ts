declare const __ATREST_VERIFIER__: string;

/** The verifier that comes with every pack, `verifier.mjs` of this folder: put in when the bundle is made. */
export const verifierScript = __ATREST_VERIFIER__;
