/** The size of a document as IAM counts it: white space does not count. */
export function countedSize(document: string): number {
  return document.replace(/\s/g, '').length
}
