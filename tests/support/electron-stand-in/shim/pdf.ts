/** `webContents.printToPDF`: Electron's options in Chromium's words. Sizes are inches in both. */
import type { PrintToPDFOptions } from 'electron';
import type { Protocol } from '../cdp.ts';

type ChromiumOptions = Protocol.Page.printToPDFParameters;

const PAPER: Readonly<Record<string, readonly [number, number]>> = {
  A0: [33.1, 46.8],
  A1: [23.4, 33.1],
  A2: [16.54, 23.4],
  A3: [11.7, 16.54],
  A4: [8.27, 11.7],
  A5: [5.83, 8.27],
  A6: [4.13, 5.83],
  Legal: [8.5, 14],
  Letter: [8.5, 11],
  Tabloid: [11, 17],
  Ledger: [17, 11],
};

export function toChromiumPdfOptions(options: PrintToPDFOptions): ChromiumOptions {
  const { pageSize = 'Letter', margins = {}, pageRanges, headerTemplate, footerTemplate } = options;
  const [paperWidth, paperHeight] =
    typeof pageSize === 'string' ? (PAPER[pageSize] ?? unknownSize(pageSize)) : [pageSize.width, pageSize.height];
  return {
    landscape: options.landscape ?? false,
    displayHeaderFooter: options.displayHeaderFooter ?? false,
    printBackground: options.printBackground ?? false,
    scale: options.scale ?? 1,
    preferCSSPageSize: options.preferCSSPageSize ?? false,
    generateTaggedPDF: options.generateTaggedPDF ?? false,
    generateDocumentOutline: options.generateDocumentOutline ?? false,
    paperWidth,
    paperHeight,
    ...(margins.top !== undefined && { marginTop: margins.top }),
    ...(margins.bottom !== undefined && { marginBottom: margins.bottom }),
    ...(margins.left !== undefined && { marginLeft: margins.left }),
    ...(margins.right !== undefined && { marginRight: margins.right }),
    ...(pageRanges !== undefined && { pageRanges }),
    ...(headerTemplate !== undefined && { headerTemplate }),
    ...(footerTemplate !== undefined && { footerTemplate }),
  };
}

function unknownSize(pageSize: string): never {
  throw new Error(`Invalid pageSize ${pageSize}`);
}
