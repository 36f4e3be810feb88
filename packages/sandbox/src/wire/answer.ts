import { renderJson } from './json.ts'
import type { WireResponse } from './message.ts'
import type { Refusal } from './refusal.ts'
import type { Service } from './service.ts'
import { escapeXml, renderXml } from './xml.ts'

const namespaces: Readonly<Record<string, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
}

/** What an operation gave, in the words of its service's protocol. */
export function renderAnswer(
  service: Service,
  action: string,
  output: object,
  requestId: string,
): WireResponse {
  if (service.protocol === 'json') return jsonResponse(200, renderJson(output), requestId)
  const result = Object.keys(output).length === 0 ? '' : renderXml(`${action}Result`, output)
  return xmlResponse(
    200,
    `<${action}Response xmlns="${namespaces[service.id]}">${result}` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
    requestId,
  )
}

/** A refusal in the words of the protocol; a request that no service claims gets XML, as from IAM. */
export function renderRefusal(
  service: Service | undefined,
  refusal: Refusal,
  requestId: string,
): WireResponse {
  if (service?.protocol === 'json' || (service === undefined && refusal.code.endsWith('Exception'))) {
    return jsonResponse(
      refusal.status,
      JSON.stringify({ __type: refusal.code, message: refusal.message }),
      requestId,
    )
  }
  const type = refusal.status >= 500 ? 'Receiver' : 'Sender'
  return xmlResponse(
    refusal.status,
    `<ErrorResponse xmlns="${namespaces[service?.id ?? 'iam']}"><Error><Type>${type}</Type>` +
      `<Code>${escapeXml(refusal.code)}</Code><Message>${escapeXml(refusal.message)}</Message></Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  )
}

function xmlResponse(status: number, body: string, requestId: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body }
}

function jsonResponse(status: number, body: string, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body,
  }
}
