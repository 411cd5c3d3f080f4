// Makes the Postman collections of docs/api from the description of the API: the whole of it by openapi-to-postmanv2, and
// the stories of stories.mjs. `postman.mjs DESCRIPTION FOLDER`; with `--check` it changes nothing and fails when a file would.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import converter from 'openapi-to-postmanv2'
import { stories } from './stories.mjs'
import { story } from './story.mjs'

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'
const [description, folder] = process.argv.slice(2)
const document = JSON.parse(readFileSync(description, 'utf8'))

const variables = {
  base: 'http://127.0.0.1:3000',
  email: 'ada@example.com',
  password: 'a long walk home',
  access_token: '',
  refresh_token: '',
}

/** What a log-in answers with is what the next requests are sent with. */
const KEEP_TOKENS = [
  'const tokens = pm.response.code < 300 ? pm.response.json() : {}',
  "for (const name of ['access_token', 'refresh_token']) if (tokens[name]) pm.collectionVariables.set(name, tokens[name])",
]

const listed = (all) => Object.entries(all).map(([key, value]) => ({ key, value }))
const bearer = { type: 'bearer', bearer: [{ key: 'token', value: '{{access_token}}', type: 'string' }] }

/** The operation of the description that a request was made from. */
function operationOf({ method, url }) {
  const path = `/${url.path.map((part) => (part.startsWith(':') ? `{${part.slice(1)}}` : part)).join('/')}`
  const operation = document.paths[path]?.[method.toLowerCase()]
  if (!operation) throw new Error(`no operation is ${method} ${path}`)
  return operation
}

const answersWithTokens = ({ responses }) =>
  Object.entries(responses).some(([status, { content }]) => status < '3' && content?.['application/json']?.example?.access_token)

/** A request as it is kept: without ids made by chance, and with two examples, of an answer and of a refusal. */
function tidy(item) {
  if (item.item) return { name: item.name, description: item.description, item: item.item.map(tidy) }
  const operation = operationOf(item.request)
  const { auth: _, name: __, ...request } = item.request
  request.url.host = ['{{base}}']
  if (!operation.security) request.auth = { type: 'noauth' }
  const wanted = [(code) => code < 300, (code) => code >= 400].map((of) => item.response.find(({ code }) => of(code)))
  const response = wanted.filter(Boolean).map(({ id, cookie, ...kept }) => {
    kept.originalRequest.url.host = ['{{base}}']
    return kept
  })
  const event = answersWithTokens(operation) ? [{ listen: 'test', script: { type: 'text/javascript', exec: KEEP_TOKENS } }] : []
  return { name: item.name, event, request, response }
}

function converted() {
  const options = {
    folderStrategy: 'Tags',
    parametersResolution: 'Example',
    enableOptionalParameters: false,
    includeAuthInfoInExample: false,
    alwaysInheritAuthentication: true,
  }
  return new Promise((done, fail) =>
    converter.convertV2({ type: 'json', data: document }, options, (error, result) => {
      if (error || !result.result) fail(error ?? new Error(result.reason))
      else done(result.output[0].data)
    }),
  )
}

const whole = await converted()
const collections = {
  lectern: {
    info: { name: 'Lectern', description: document.info.description, schema: SCHEMA },
    auth: bearer,
    variable: listed(variables),
    item: whole.item.map(tidy),
  },
}
for (const { file, name, about, needs = {}, steps } of stories) {
  collections[file] = {
    info: { name, description: about, schema: SCHEMA },
    auth: bearer,
    variable: listed({ ...variables, ...needs }),
    item: steps.map((step) => story(document, step)),
  }
}

const stale = []
for (const [name, collection] of Object.entries(collections)) {
  const file = join(folder, `${name}.postman_collection.json`)
  const made = `${JSON.stringify(collection, null, 1)}\n`
  let kept = ''
  try {
    kept = readFileSync(file, 'utf8')
  } catch {
    // It is made for the first time.
  }
  if (made === kept) continue
  stale.push(file)
  if (!process.argv.includes('--check')) writeFileSync(file, made)
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}. Run scripts/postman.`)
  process.exitCode = 1
} else {
  console.log(stale.length > 0 ? `wrote ${stale.join(', ')}` : 'The collections are up to date.')
}
