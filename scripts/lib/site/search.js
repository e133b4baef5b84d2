// Finds functions, pages and headings; `entries` stands in index.js.
const box = document.querySelector('search')
const input = box.querySelector('input')
const list = box.querySelector('ol')
let chosen = 0
box.hidden = false

/** How well an entry fits; the smaller the better, nothing where it does not. */
function rank([title, , kind, text], words) {
  const name = title.toLowerCase()
  const all = `${name} ${text.toLowerCase()}`
  if (!words.every(word => all.includes(word))) return undefined
  const first = words[0]
  const place = name === first ? 0 : name.startsWith(first) ? 1 : name.includes(first) ? 2 : 3
  return 4 * place + ['function', 'page', 'section', 'talk'].indexOf(kind)
}

function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(word => word)
  const found = words.length === 0 ? [] : entries
    .map(entry => [rank(entry, words), entry]).filter(([value]) => value !== undefined)
    .sort(([a], [b]) => a - b).slice(0, 12).map(([, entry]) => entry)
  chosen = 0
  list.hidden = words.length === 0
  list.replaceChildren(...found.map(([title, address, kind, text]) => {
    const link = document.createElement('a')
    link.href = address
    const name = document.createElement('strong')
    name.textContent = title
    name.className = kind
    const note = document.createElement('small')
    note.textContent = text
    link.append(name, note)
    const item = document.createElement('li')
    item.append(link)
    return item
  }))
  if (found.length === 0) {
    const item = document.createElement('li')
    item.className = 'none'
    item.textContent = 'Nothing is called so.'
    list.append(item)
  }
  mark()
}

function mark() {
  const links = [...list.querySelectorAll('a')]
  links.forEach((link, place) => link.classList.toggle('chosen', place === chosen))
  links[chosen]?.scrollIntoView({ block: 'nearest' })
}

function close() {
  list.hidden = true
}

input.addEventListener('input', search)
input.addEventListener('focus', search)
input.addEventListener('keydown', event => {
  const links = [...list.querySelectorAll('a')]
  if (event.key === 'ArrowDown') chosen = Math.min(chosen + 1, links.length - 1)
  else if (event.key === 'ArrowUp') chosen = Math.max(chosen - 1, 0)
  else if (event.key === 'Enter') links[chosen]?.click()
  else if (event.key === 'Escape') { close(); input.blur() } else return
  event.preventDefault()
  mark()
})
list.addEventListener('click', close)
document.addEventListener('click', event => { if (!box.contains(event.target)) close() })
document.addEventListener('keydown', event => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    input.focus()
  }
})
