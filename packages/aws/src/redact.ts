/** Takes access keys, tokens and signatures out of text that came from AWS, from a URL or from another tool. */
export function redact(text: string): string {
  return text
    .replace(/\b(A(?:KIA|SIA|BIA|CCA))[A-Z0-9]{12,}\b/g, '$1…')
    .replace(/(Signature=|Credential=|SignedHeaders=)[^,\s&]+/gi, '$1…')
    .replace(/(X-Amz-(?:Signature|Credential|Security-Token)(?:=|%3D|["']?\s*:\s*["']?))[^&\s"']+/gi, '$1…')
    .replace(
      /((?:secret_?access_?key|session_?token|security_?token|access_?token|refresh_?token|client_?secret|password)["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi,
      '$1…',
    )
    .replace(/(https?:\/\/)[^/\s:@]+:[^/\s@]+@/gi, '$1…@')
    .replace(/\b(?:eyJ|IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/_=.-]{20,}/g, '…')
}
