// Writes a Brotli and a gzip copy beside every text and WebAssembly file of a site, for the server to send as they are.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const wanted = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.wasm', '.webmanifest', '.xml'])

for (const name of readdirSync(process.argv[2], { recursive: true })) {
  const path = join(process.argv[2], name)
  // Below a kilobyte the headers weigh more than what is saved.
  if (!wanted.has(extname(name)) || statSync(path).size < 1024) continue
  const bytes = readFileSync(path)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
}
