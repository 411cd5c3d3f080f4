((script, module, kinds, sleeps) => {
  const page = document.documentElement
  const typed = new Map()
  const asleep = new AbortController()
  const on = (names, act, more) => {
    for (const name of names) addEventListener(name, act, { capture: true, signal: asleep.signal, ...more })
  }
  let begun, pressed, pause, sent
  const ticks = (field) => field.type === 'checkbox' || field.type === 'radio'
  const keep = (field) => typed.set(field, ticks(field) ? field.checked : field.value)
  const differs = (field) => {
    if (ticks(field)) return field.checked !== field.defaultChecked
    if (!field.options) return field.value !== field.defaultValue
    const first = [...field.options].findIndex((option) => option.defaultSelected)
    return field.selectedIndex !== Math.max(first, 0)
  }
  const begin = () => {
    if (begun) return
    begun = true
    const arrives = fetch(module, { priority: 'low' })
    const here = import(script).then((pages) => pages.default({ module_or_path: arrives }).then(() => pages))
    const away = async () => {
      begun = false
      pressed?.removeAttribute('aria-busy')
      const answer = await arrives.catch(() => null)
      if (pressed && answer?.status === 404) location.reload()
    }
    here.then((pages) => pages.hydrate(), away)
  }
  const beginSoon = () => requestAnimationFrame(() => setTimeout(begin))

  const press = (event) => {
    const button = event.target.closest?.('button[type=button],.word')
    if (!button) return
    event.stopImmediatePropagation()
    const sound = 'plays' in button.dataset && button.closest('.sounds')?.querySelector('audio')
    const again = () => {
      pressed = button
      button.setAttribute('aria-busy', 'true')
      setTimeout(() => button.removeAttribute('aria-busy'), 30000)
    }
    if (!sound) again()
    else if (sound.paused) sound.play().catch(() => sound.error && again())
    else sound.pause()
    beginSoon()
  }
  const shut = ({ target, key }) => {
    for (const menu of document.querySelectorAll('header details[open]')) {
      const inside = menu.contains(target)
      if (key ? key !== 'Escape' || !inside : inside) continue
      menu.open = false
      if (key) menu.querySelector('summary').focus()
    }
  }

  const list = Object.assign(document.createElement('datalist'), { id: 'suggested' })
  const suggest = async (field) => {
    const text = field.value.trim()
    const answer = text.length > 1 && (await fetch(`/api/catalog/suggest?text=${encodeURIComponent(text)}`).catch(() => null))
    const found = answer?.ok ? await answer.json().catch(() => []) : []
    if (begun || field.value.trim() !== text) return
    const option = ({ kind, slug, name: value }) => {
      const [place, label] = kinds[kind]
      const one = Object.assign(document.createElement('option'), { value, label })
      one.dataset.leads = place + slug
      return one
    }
    list.replaceChildren(...found.map(option))
    if (!list.isConnected) page.append(list)
    field.setAttribute('list', list.id)
  }
  const type = ({ target: field, inputType }) => {
    keep(field)
    if (!field.closest('[data-plain]')) return beginSoon()
    if (field.name !== 'q') return
    const chosen = [...list.children].find(({ value }) => value === field.value)
    if (chosen && (!inputType || inputType === 'insertReplacementText')) location.assign(chosen.dataset.leads)
    clearTimeout(pause)
    pause = setTimeout(suggest, 200, field)
  }

  const goOn = () => {
    asleep.abort()
    clearTimeout(pause)
    list.remove()
    document.querySelector(`[list=${list.id}]`)?.removeAttribute('list')
    for (const [field, value] of typed) {
      if (!field.isConnected) continue
      if (ticks(field)) field.checked = value
      else if (field.type !== 'file') field.value = value
      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }))
    }
    pressed?.removeAttribute('aria-busy')
    if (pressed?.isConnected) pressed.click()
    delete page.dataset.waits
  }
  page.dataset.waits = ''
  for (const field of document.querySelectorAll('input:not([type=range]),textarea,select')) {
    if (differs(field)) keep(field)
  }
  on(['input'], type)
  on(['change'], ({ target: field }) => field.name === 'q' || type({ target: field, inputType: 'change' }))
  on(['click', 'keydown'], shut)
  on(['click'], press)
  on(['play'], beginSoon)
  on(['wake'], begin)
  on(['submit'], ({ target: form }) => (sent ||= form.method === 'post'))
  on(['pageshow'], ({ persisted }) => persisted && sent && location.reload())
  document.addEventListener('alive', () => setTimeout(goOn), { once: true })
  if (sleeps) return

  const loaded = new Promise((done) => {
    if (document.readyState === 'complete') done()
    else addEventListener('load', done, { once: true })
  })
  const painted = new Promise((done) => {
    const largest = { type: 'largest-contentful-paint', buffered: true }
    new PerformanceObserver((_, paints) => done(paints.disconnect())).observe(largest)
    setTimeout(done, 2000)
  })
  const idle = () => (self.requestIdleCallback ? requestIdleCallback(begin, { timeout: 2000 }) : setTimeout(begin))
  Promise.all([loaded, painted]).then(idle)
  on(['pointerdown', 'pointermove', 'keydown'], begin, { once: true })
})
