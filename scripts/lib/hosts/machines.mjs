// What is kept running on the hosts (scripts/lib/hosts.sh): each has the number of its group of processes in a file, and is not
// begun again while another file is there.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { wait } from './asking.mjs'

/** For a program to be there again, in milliseconds. */
const BACK_MS = 120_000

export class Machines {
  constructor(run) {
    this.run = run
  }

  has(name) {
    return existsSync(join(this.run, `${name}.pid`))
  }

  #group(name) {
    return Number(readFileSync(join(this.run, `${name}.pid`), 'utf8'))
  }

  /** Ends it at once, with everything that it has started, and lets it stay away. */
  kill(name) {
    const group = this.#group(name)
    writeFileSync(join(this.run, `${name}.away`), '')
    process.kill(-group, 'SIGKILL')
    return group
  }

  /** Lets it begin again; `group` is the one that was killed. */
  async back(name, group) {
    rmSync(join(this.run, `${name}.away`))
    const began = Date.now()
    while (this.#group(name) === group) {
      if (Date.now() - began > BACK_MS) throw new Error(`${name} was not begun again`)
      await wait(200)
    }
  }
}

/** What the database says. */
export class Books {
  constructor(address) {
    this.address = address
  }

  /** The rows of a question, each as an array of text. */
  ask(question) {
    const said = execFileSync('psql', ['-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', this.address, '-c', question], { encoding: 'utf8' })
    return said.split('\n').filter(Boolean).map((line) => line.split('\t'))
  }

  /** Waits until a question has an answer; `false` when it has none in time. */
  async until(question, ms) {
    const began = Date.now()
    while (this.ask(question).length === 0) {
      if (Date.now() - began > ms) return false
      await wait(100)
    }
    return true
  }
}
