/** Shows /status.json, once a second. All text goes in as text: names of libraries come from outside. */
import { amount, bytes, copiesOf, copiesText, createRates, percent } from './figures.js'

const pollMs = 1000
const maxWaitMs = 10_000
const maxHosts = 8 // that have a colour

const byId = (id) => document.getElementById(id)
const ratesSince = createRates()
const noText = '\u00a0' // keeps the line's height

let shownSet // set id that the rows were made for; undefined before the first answer
let failures = 0
let rows = []

async function poll() {
  try {
    const response = await fetch(new URL('../status.json', import.meta.url), {
      signal: AbortSignal.timeout(5000),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    show(await response.json())
    failures = 0
    setState('live', 'live')
  } catch {
    failures += 1
    if (failures > 1) {
      setState('gone', 'no answer, last numbers shown')
      for (const id of ['rate', 'request-rate']) setText(byId(id), noText) // nothing is known of now
    }
  }
  // A hidden page asks for nothing; it goes on when it is looked at again.
  if (document.hidden)
    await new Promise((resolve) => addEventListener('visibilitychange', resolve, { once: true }))
  setTimeout(() => void poll(), Math.min(maxWaitMs, pollMs * 2 ** Math.min(failures, 4)))
}

function show(status) {
  setText(byId('url'), status.url ?? 'stopping: no new connections')
  showTotals(status)
  showHosts(status)
  const set = `${status.setId} ${status.url}`
  if (set !== shownSet) {
    makeRows(status)
    shownSet = set
  }
  const hostCount = status.hosts.length + status.otherHosts.hosts
  const full = Math.max(1, hostCount, ...status.libraries.map(copiesOf))
  status.libraries.forEach((library, index) => showCounts(rows[index], library, status.hosts, full))
  showRest(status)
}

function showTotals({ totals, hosts, otherHosts }) {
  const { requests, bytesServed, aborted } = totals
  const rates = ratesSince(totals, performance.now())
  setText(byId('served'), bytes(bytesServed))
  setText(byId('rate'), rates.served || noText)
  setText(byId('requests'), amount(requests))
  setText(byId('request-rate'), rates.requests || noText)
  setText(byId('aborted'), amount(aborted))
  setText(byId('aborted-note'), aborted === 0 ? 'no download lost' : 'downloads lost midway')
  byId('aborted-tile').classList.toggle('some', aborted > 0)
  const count = hosts.length + otherHosts.hosts
  setText(byId('host-count'), amount(count) + (otherHosts.isMore ? '+' : ''))
  setText(
    byId('per-host'),
    count === 0 ? 'nobody has asked yet' : `${bytes(bytesServed / count)} each on average`,
  )
}

function showHosts({ totals, hosts, otherHosts }) {
  byId('hosts-section').hidden = hosts.length === 0
  const items = hosts.map((host) => ({ ...host, label: host.address }))
  if (otherHosts.hosts > 0 || otherHosts.isMore) {
    const many = amount(otherHosts.hosts) + (otherHosts.isMore ? ' and more' : '')
    items.push({ ...otherHosts, label: `${many} ${otherHosts.hosts === 1 ? 'other' : 'others'}` })
  }
  const list = byId('hosts')
  while (list.children.length > items.length) list.lastChild.remove()
  items.forEach(({ label, bytesServed, requests }, index) => {
    const item =
      list.children[index] ?? list.appendChild(element('li', '', element('b'), element('span')))
    item.className = index < hosts.length ? `host-${index}` : ''
    item.title = `${amount(requests)} requests answered`
    setText(item.children[0], label)
    setText(item.children[1], `${bytes(bytesServed)}, ${percent(bytesServed, totals.bytesServed)}`)
  })
}

function makeRows({ libraries, manifest, setId, setBytes, unlisted, url }) {
  rows = libraries.map((library, index) => makeRow(library, index, url ?? location.origin))
  byId('libraries').replaceChildren(...rows.map(({ row }) => row))
  byId('scroller').hidden = libraries.length === 0
  byId('empty').hidden = libraries.length > 0
  byId('unlisted').hidden = unlisted === 0
  setText(byId('unlisted'), `${amount(unlisted)} more libraries are in the manifest.`)
  if (manifest === null) return byId('set').replaceChildren()
  const count = libraries.length + unlisted
  const link = element('a', '', 'manifest')
  link.href = manifest
  byId('set').replaceChildren(
    `${amount(count)} in class-path order, ${bytes(setBytes)}, set `,
    copyButton(setId, `${setId.slice(0, 12)}…`, 'set id'),
    ', ',
    link,
  )
}

function makeRow({ name, kind, sizeBytes, sha256, path }, index, base) {
  const link = element('a', 'name', element('bdi', '', name))
  link.href = path
  const uri = element('span', 'uri', base + path)
  uri.title = base + path
  uri.ariaHidden = 'true' // the link before it and the button behind it say the same, shorter
  const size = element('td', 'number', bytes(sizeBytes))
  size.title = `${amount(sizeBytes)} bytes`
  const title = element(
    'th',
    '',
    link,
    element('div', 'line', uri, copyButton(base + path, 'copy', `URI of ${name}`)),
  )
  title.scope = 'row'
  const requests = element('td', 'number')
  const served = element('span')
  const copies = element('span', 'note')
  const bar = element(
    'div',
    'bar',
    ...Array.from({ length: maxHosts + 1 }, (_, host) => segment(host)),
  )
  bar.role = 'img'
  const row = element(
    'tr',
    '',
    element('td', 'number', String(index + 1)),
    title,
    element('td', '', element('span', 'kind', kind)),
    size,
    element('td', '', copyButton(sha256, `${sha256.slice(0, 12)}…`, `SHA-256 of ${name}`)),
    requests,
    element('td', 'share', element('div', 'amount', served, copies), bar),
  )
  return { row, requests, served, copies, bar }
}

function segment(host) {
  return element('i', host < maxHosts ? `host-${host}` : '')
}

/** The bar tells how many of the copies that make it `full` were served, and is cut by host. */
function showCounts({ requests, served, copies, bar }, library, hosts, full) {
  const { bytesServed, hostBytes } = library
  const lengthPercent = (copiesOf(library) / full) * 100
  setText(requests, amount(library.requests))
  setText(served, bytes(bytesServed))
  setText(copies, copiesText(copiesOf(library)))
  const named = hostBytes.reduce((sum, taken) => sum + taken, 0)
  const parts = []
  for (let index = 0; index <= maxHosts; index += 1) {
    const isOthers = index === maxHosts
    const taken = isOthers ? bytesServed - named : (hostBytes[index] ?? 0)
    const part = bar.children[index]
    const text = `${isOthers ? 'other hosts' : hosts[index]?.address} ${percent(taken, bytesServed)}`
    part.style.width = `${taken === 0 ? 0 : (taken / bytesServed) * lengthPercent}%`
    part.hidden = taken === 0
    part.title = `${text}, ${bytes(taken)}`
    if (taken > 0) parts.push(text)
  }
  setLabel(bar, parts.join(', ') || 'nothing served')
}

function showRest({ totals, libraries }) {
  const sum = (key) => libraries.reduce((total, library) => total + library[key], 0)
  const requests = totals.requests - sum('requests')
  const served = totals.bytesServed - sum('bytesServed')
  byId('rest').hidden = requests <= 0 && served <= 0
  setText(byId('rest-requests'), amount(Math.max(0, requests)))
  setText(byId('rest-served'), bytes(Math.max(0, served)))
}

function copyButton(text, label, what) {
  const button = element('button', '', label)
  button.type = 'button'
  button.title = `${text}\n(click to copy)`
  button.ariaLabel = `Copy ${what}`
  button.addEventListener('click', async () => {
    const isCopied = await copy(text, button)
    setText(byId('said'), isCopied ? `Copied the ${what}` : `Could not copy the ${what}`)
    if (!isCopied) return
    setText(button, 'copied')
    setTimeout(() => setText(button, label), 1200)
  })
  return button
}

/** Pages without TLS on another host have no clipboard object, so the old way must do there. */
async function copy(text, button) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  }
  const field = element('textarea', 'unseen')
  field.value = text
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  button.focus()
  return isCopied
}

function setState(kind, text) {
  byId('state').className = `state ${kind}`
  setText(byId('state'), text)
}

/** Touches the page only when something changed: a selection in it stays, and nothing is read out again. */
function setText(target, text) {
  if (target.textContent !== text) target.textContent = text
}

function setLabel(target, text) {
  if (target.ariaLabel !== text) target.ariaLabel = text
}

function element(tag, className = '', ...children) {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  made.append(...children)
  return made
}

void poll()
