// One step of a story as a request of a Postman collection. What it is sent as, which address and which body it has, comes
// from the description: a step says what is of its own.
//
// `does` is a method and a path, in which any parameter may be called as it likes; `fills` are values for the parameters of
// the path and the query, `sends` replaces or adds members of the example body (`null` takes one away), `only` is the whole of it, `with` adds headers.
// `gives` keeps values of the answer in variables, by paths such as `items.0.id`; `holds` are sentences about `answer`, each
// an expression. `answers` is the status, the first of the description otherwise. `until` is an expression that is waited for.
// `follows` is a variable with an address that an answer gave, `relative` without the host. `as` is whose token it is sent with: the name of a variable.

const TRIES = 240
const WAIT_MS = 500

const shape = (path) => path.replace(/\{[^}]*\}/g, '{}')

function found(document, does) {
  const [method, path] = does.split(' ')
  const address = Object.keys(document.paths).find((known) => shape(known) === shape(`/api/v1${path}`) && document.paths[known][method.toLowerCase()])
  if (!address) throw new Error(`a story asks for ${does}, which the description does not know`)
  return { method, address, operation: document.paths[address][method.toLowerCase()] }
}

/** The example body, changed. A file is named by a variable with its path. */
function body(operation, { sends, only, parts }) {
  if (parts) {
    const formdata = Object.entries(parts).map(([key, value]) =>
      value.file ? { key, type: 'file', src: `{{${value.file}}}` } : { key, type: 'text', value: value.value },
    )
    return { mode: 'formdata', formdata }
  }
  const example = operation.requestBody?.content?.['application/json']?.example
  if (example === undefined) return undefined
  const whole = only ?? { ...example, ...sends }
  for (const [name, value] of Object.entries(whole)) if (value === null) delete whole[name]
  // A number or a truth in a variable stands without its quotes: `"{{total|raw}}"`.
  const raw = JSON.stringify(whole, null, 2).replace(/"\{\{(\w+)\|raw\}\}"/g, '{{$1}}')
  return { mode: 'raw', raw, options: { raw: { language: 'json' } } }
}

function script(step, status) {
  const lines = [
    `const read = (path) => path.split('.').reduce((value, name) => value?.[name], answer)`,
    `let answer = {}`,
    `try { answer = pm.response.json() } catch { /* it is no JSON */ }`,
  ]
  const known = (step.answers ?? status).toString()
  const why = 'pm.response.code < 400 ? "" : pm.response.text().slice(0, 400)'
  lines.push(`pm.test('it answers ${known}', () => pm.expect(pm.response.code, ${why}).to.equal(${known}))`)
  if (step.until) {
    lines.push(
      `const tries = Number(pm.collectionVariables.get('tries') ?? 0) + 1`,
      `const ready = ${step.until}`,
      `pm.collectionVariables.set('tries', ready ? 0 : tries)`,
      `if (!ready && tries < ${TRIES}) {`,
      `  setTimeout(() => pm.execution.setNextRequest(pm.info.requestName), ${WAIT_MS})`,
      `} else {`,
      `  pm.test('it comes about: ' + ${JSON.stringify(step.until)}, () => pm.expect(ready, pm.response.text().slice(0, 600)).to.be.ok)`,
      `}`,
    )
  }
  for (const sentence of step.holds ?? []) {
    lines.push(`pm.test(${JSON.stringify(sentence)}, () => pm.expect(${sentence}, pm.response.text().slice(0, 600)).to.be.ok)`)
  }
  for (const [name, path] of Object.entries(step.gives ?? {})) {
    lines.push(
      `pm.test('it gives ${name}', () => pm.expect(read('${path}'), pm.response.text().slice(0, 600)).to.exist)`,
      `pm.collectionVariables.set('${name}', read('${path}'))`,
    )
  }
  return lines
}

/** A request to an address that an answer gave, in a variable; it needs no token. */
function elsewhere(step) {
  const address = step.relative ? `{{base}}{{${step.follows}}}` : `{{${step.follows}}}`
  return { method: step.method ?? 'GET', url: { raw: address, host: [address] }, auth: { type: 'noauth' } }
}

function asked(document, step) {
  const { method, address, operation } = found(document, step.does)
  const fills = { ...step.fills }
  const path = address
    .split('/')
    .slice(1)
    .map((part) => {
      const name = /^\{(.*)\}$/.exec(part)?.[1]
      if (!name) return part
      // The only parameter may be called `id` in a story, whatever its name is.
      const key = name in fills ? name : 'id'
      const value = fills[key]
      delete fills[key]
      if (value === undefined) throw new Error(`${step.does} needs ${name}`)
      return value
    })
  const unknown = Object.keys(fills).find((name) => !(operation.parameters ?? []).some((known) => known.name === name))
  if (unknown) throw new Error(`${step.does} knows no ${unknown}`)
  const query = Object.entries(fills).map(([key, value]) => ({ key, value: String(value) }))
  const raw = `{{base}}/${path.join('/')}${query.length > 0 ? `?${query.map(({ key, value }) => `${key}=${value}`).join('&')}` : ''}`
  const token = step.as ? { type: 'bearer', bearer: [{ key: 'token', value: `{{${step.as}}}`, type: 'string' }] } : { type: 'noauth' }
  return { method, url: { raw, host: ['{{base}}'], path, query }, auth: token, body: body(operation, step), operation }
}

/** A step as an item of a collection. */
export function story(document, step) {
  const { operation, ...request } = step.follows ? elsewhere(step) : asked(document, step)
  const status = operation ? Object.keys(operation.responses).sort()[0] : '200'
  const headers = { ...(request.body?.mode === 'raw' ? { 'Content-Type': 'application/json' } : {}), ...step.with }
  request.header = Object.entries(headers).map(([key, value]) => ({ key, value }))
  const event = [{ listen: 'test', script: { type: 'text/javascript', exec: script(step, status) } }]
  if (step.before) event.push({ listen: 'prerequest', script: { type: 'text/javascript', exec: step.before } })
  return { name: step.name, event, request, response: [] }
}
