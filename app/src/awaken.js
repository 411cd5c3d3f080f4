((script, module) => {
  const page = document.documentElement
  const typed = new Map()
  let begun, pressed
  const ticks = (field) => field.type === 'checkbox' || field.type === 'radio'
  const keep = ({ target: field }) => typed.set(field, ticks(field) ? field.checked : field.value)
  const press = ({ target }) => (pressed = target.closest?.('button[type=button],.word') ?? pressed)
  const differs = (field) => {
    if (ticks(field)) return field.checked !== field.defaultChecked
    if (!field.options) return field.value !== field.defaultValue
    const first = [...field.options].findIndex((option) => option.defaultSelected)
    return field.selectedIndex !== Math.max(first, 0)
  }
  const begin = () => {
    if (begun) return
    begun = true
    const arrives = fetch(module)
    import(script).then((pages) => pages.default({ module_or_path: arrives }).then(() => pages.hydrate()))
  }
  const goOn = () => {
    removeEventListener('input', keep, true)
    removeEventListener('change', keep, true)
    removeEventListener('click', press, true)
    for (const [field, value] of typed) {
      if (!field.isConnected) continue
      if (ticks(field)) field.checked = value
      else if (field.type !== 'file') field.value = value
      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }))
    }
    if (pressed?.isConnected) pressed.click()
    delete page.dataset.waits
  }
  page.dataset.waits = ''
  for (const field of document.querySelectorAll('input:not([type=range]),textarea,select')) {
    if (differs(field)) keep({ target: field })
  }
  addEventListener('input', keep, true)
  addEventListener('change', keep, true)
  addEventListener('click', press, true)
  document.addEventListener('alive', () => setTimeout(goOn), { once: true })

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
  for (const kind of ['pointerdown', 'pointermove', 'keydown']) addEventListener(kind, begin, { once: true, capture: true })
})
