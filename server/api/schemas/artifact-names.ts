/** What pages know of the files that runs leave. Browser-safe. */

/** The signed certificate of the links. */
export const certificateArtifact = 'link-certificate.json';

/** A file of a run that is longer is streamed, not read onto the page. Bytes. */
export const mostTextBytes = 20_000_000;
