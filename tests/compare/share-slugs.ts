/** The addresses that both ends of share-namespaces.sh know. */
export const publishedSlug = 'a'.repeat(32);
export const privateSlug = 'b'.repeat(32);
