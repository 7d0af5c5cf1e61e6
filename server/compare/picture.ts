/**
 * A chart as pixels. The rasteriser (sharp, with librsvg) comes with Next as an optional package; where
 * it was not installed the answer says so, and the SVG of the same address has the same numbers.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { darkened, chosenSvg } from './svg-chart.ts';
import { cardSvg } from './card-svg.ts';
import type { ExportDocument } from './document.ts';

/** What is used of sharp. */
interface Rasteriser {
  (
    input: Buffer,
    options: { readonly density: number },
  ): { png(): { toBuffer(): Promise<Buffer> } };
}

/** 72 to the inch are the pixels of the SVG; drawn twice as fine, for screens and print. */
const fine = 144;
const plain = 72;

export class NoRasteriser extends Error {
  override name = 'NoRasteriser';
}

/** Looked up when first needed, outside of every bundle. @throws NoRasteriser */
function rasteriser(): Rasteriser {
  const find = createRequire(join(process.cwd(), 'package.json'));
  try {
    return find('sharp') as Rasteriser;
  } catch (cause) {
    throw new NoRasteriser(
      'PNG needs the optional package sharp, which is not installed here: run npm install with optional packages, or take .svg instead.',
      { cause },
    );
  }
}

export type PictureKind = 'chart' | 'dark' | 'card';

/** `?card` is the link preview, `?theme=dark` the chart on a dark ground. */
export const pictureKind = (query: URLSearchParams): PictureKind =>
  query.has('card') ? 'card' : query.get('theme') === 'dark' ? 'dark' : 'chart';

/**
 * PNG of the document's chart, or of its link preview (1200 x 630).
 * @throws NoRasteriser
 */
export async function writePicture(
  document: ExportDocument,
  kind: PictureKind,
): Promise<Uint8Array<ArrayBuffer>> {
  const draw = rasteriser();
  const svg =
    kind === 'card'
      ? cardSvg(document)
      : kind === 'dark'
        ? darkened(chosenSvg(document))
        : chosenSvg(document);
  return pixels(draw, svg, kind === 'card' ? plain : fine);
}

/**
 * PNG of an SVG of our own, a pixel for each of its units.
 * @throws NoRasteriser
 */
export const pngOf = (svg: string): Promise<Uint8Array<ArrayBuffer>> =>
  pixels(rasteriser(), svg, plain);

const pixels = async (
  draw: Rasteriser,
  svg: string,
  density: number,
): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await draw(Buffer.from(svg), { density }).png().toBuffer());
