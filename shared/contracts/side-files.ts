/** The script of the API's reference page, gzipped: a file beside the code of the function that serves it. */
export const REFERENCE_SCRIPT = 'reference-script.js.gz'
