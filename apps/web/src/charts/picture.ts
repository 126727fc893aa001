/** A chart as a picture: its title, its legend and its canvases on the ground of the theme. */

export interface PictureLine {
  label: string
  colour: string
  dash?: readonly number[]
}

interface Picture {
  title: string
  subtitle: string
  legend: readonly PictureLine[]
  canvases: readonly HTMLCanvasElement[]
  /** Whose colours and letters are taken. */
  like: HTMLElement
}

const [margin, lineHeight] = [24, 24]

export async function pictureOf({ title, subtitle, legend, canvases, like }: Picture): Promise<Blob> {
  const css = getComputedStyle(like)
  const { devicePixelRatio: ratio } = window
  const canvas = document.createElement('canvas')
  const ctx = canvas.getContext('2d')
  if (!ctx) throw new Error('this browser draws no pictures')
  const width = Math.max(480, ...canvases.map((one) => one.width / ratio)) + 2 * margin
  const words = (weight: number, size: number) => `${weight} ${size}px ${css.fontFamily}`
  ctx.font = words(500, 13)
  const places = legendPlaces(legend, (label) => ctx.measureText(label).width, width - 2 * margin)
  const rows = (places.at(-1)?.row ?? -1) + 1
  const top = margin + 30 + 22 + rows * lineHeight + 10
  const height = top + canvases.reduce((sum, one) => sum + one.height / ratio, 0) + margin
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  ctx.scale(ratio, ratio)

  ctx.fillStyle = css.getPropertyValue('--card')
  ctx.fillRect(0, 0, width, height)
  ctx.textBaseline = 'top'
  ctx.fillStyle = css.getPropertyValue('--ink')
  ctx.font = words(650, 20)
  ctx.fillText(title, margin, margin, width - 2 * margin)
  ctx.fillStyle = css.getPropertyValue('--ink-soft')
  ctx.font = words(400, 13)
  ctx.fillText(subtitle, margin, margin + 30, width - 2 * margin)
  ctx.font = words(500, 13)
  for (const [index, { label, colour, dash }] of legend.entries()) {
    const { x, row } = places[index] ?? { x: 0, row: 0 }
    const y = margin + 56 + row * lineHeight
    ctx.strokeStyle = colour
    ctx.lineWidth = 3
    ctx.setLineDash(dash ? [...dash] : [])
    ctx.beginPath()
    ctx.moveTo(margin + x, y + 7)
    ctx.lineTo(margin + x + swatch, y + 7)
    ctx.stroke()
    ctx.fillStyle = css.getPropertyValue('--ink')
    ctx.fillText(label, margin + x + swatch + 8, y)
  }
  let y = top
  for (const one of canvases) {
    ctx.drawImage(one, margin, y, one.width / ratio, one.height / ratio)
    y += one.height / ratio
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png')
  })
}

const [swatch, apart] = [26, 24]

/** One beside the other, and on to the next row where there is no room. */
export function legendPlaces(
  legend: readonly { label: string }[],
  widthOf: (label: string) => number,
  room: number,
): { x: number; row: number }[] {
  let [x, row] = [0, 0]
  return legend.map(({ label }) => {
    const width = swatch + 8 + widthOf(label)
    if (x > 0 && x + width > room) [x, row] = [0, row + 1]
    const place = { x, row }
    x += width + apart
    return place
  })
}

/** Hands a file to the person. */
export function offerFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has its own hold of it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
