import makeCode from 'qrcode-generator';

/** Blank modules around the code (ISO/IEC 18004, 5.3.8). */
const quiet = 4;

/** The code as an SVG image, black on white in every theme: readers expect it so. */
const svgOf = (text: string): string => {
  const code = makeCode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const rows = Array.from({ length: size }, (_, i) => i);
  const modules = rows
    .flatMap((y) => rows.filter((x) => code.isDark(y, x)).map((x) => `M${x + quiet} ${y + quiet}h1v1h-1z`))
    .join('');
  const side = size + 2 * quiet;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${modules}"/></svg>`;
};

/** A QR code without a request for it: what it says is secret. `alt` names it; the text itself stands beside it. */
export const QrCode = (props: { text: string; alt: string }) => (
  <img
    class="bid-qr"
    src={`data:image/svg+xml;base64,${Buffer.from(svgOf(props.text)).toString('base64')}`}
    alt={props.alt}
    width="220"
    height="220"
  />
);
