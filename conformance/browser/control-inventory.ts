import type { Page } from 'playwright-core'

/** A control as a person meets it: its role and its accessible name. */
export type ControlName = string

/** Which controls a test has used, kept across pages and reloads. */
export class ControlInventory {
  readonly #used = new Map<ControlName, Set<string>>()
  readonly #seen = new Set<ControlName>()
  /** What is written down as the user of a control. */
  test = ''

  /** Notes from now on which controls of a page are clicked, typed into, changed or reached by keys. */
  async watch(page: Page): Promise<void> {
    await page.exposeFunction('noteControl', (name: ControlName) => {
      const tests = this.#used.get(name) ?? new Set()
      this.#used.set(name, tests.add(this.test))
    })
    await page.addInitScript(`
      ${NAME_OF_CONTROL}
      for (const type of ['click', 'input', 'change', 'keydown', 'pointerdown', 'toggle']) {
        document.addEventListener(type, event => {
          const control = event.target instanceof Element && event.target.closest(CONTROLS)
          if (control) window.noteControl(nameOfControl(control))
        }, true)
      }
    `)
  }

  /** Adds every control that is on the page now and can be used. */
  async look(page: Page): Promise<void> {
    const names = await page.evaluate<ControlName[]>(`(() => {
      ${NAME_OF_CONTROL}
      return [...document.querySelectorAll(CONTROLS)]
        .filter(control => control.getClientRects().length > 0 && !control.disabled)
        .map(nameOfControl)
    })()`)
    for (const name of names) this.#seen.add(name)
  }

  /** Controls that were seen, with the tests that used them. */
  get rows(): { readonly control: ControlName; readonly tests: readonly string[] }[] {
    return [...this.#seen].sort().map(control => ({ control, tests: [...(this.#used.get(control) ?? [])] }))
  }

  /** The inventory as a Markdown table, with the first test that uses each. */
  markdown(): string {
    const rows = this.rows.map(({ control, tests }) => `| ${control.replace(/\|/g, '\\|')} | ${tests[0] ?? ''} |`)
    return `| control | used by |\n|---|---|\n${rows.join('\n')}\n`
  }
}

/** Runs in the page. Numbers in names change with the data and are left out. */
const NAME_OF_CONTROL = `
  const CONTROLS = 'button, input:not([hidden]), select, summary, [role=separator], [role=slider], [role=option]'
  function nameOfControl(control) {
    const role = control.getAttribute('role') || (control.tagName === 'INPUT' ? control.type : control.tagName.toLowerCase())
    const label = control.labels && control.labels.length > 0 ? control.labels[0].textContent : ''
    const name = control.getAttribute('aria-label') || label || control.textContent || control.title
    return role + ' ' + name.trim().replace(/\\s+/g, ' ').replace(/[0-9.]+/g, 'n').slice(0, 60)
  }
`
