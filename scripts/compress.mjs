// Writes a Brotli and a gzip copy beside every text and WebAssembly file of a site, for the server to send as they are.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const wanted = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.wasm', '.webmanifest', '.xml'])
// As many at once as Node.js has threads for it.
const AT_ONCE = 4

const paths = readdirSync(process.argv[2], { recursive: true })
  .map((name) => join(process.argv[2], name))
  // Below a kilobyte the headers weigh more than what is saved.
  .filter((path) => wanted.has(extname(path)) && statSync(path).size >= 1024)
  // What takes longest comes first.
  .sort((one, other) => statSync(one).size - statSync(other).size)

async function compress() {
  for (let path = paths.pop(); path; path = paths.pop()) {
    const bytes = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(`${path}.br`, await promisify(brotliCompress)(bytes, { params }))
    writeFileSync(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, compress))
