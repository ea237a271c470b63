"""How many campaigns have found their fault by what time, as a picture: the time in seconds, by powers of ten."""
import math

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 360, 56, 44, 24
COLOURS = ["#0b6e4f", "#b0413e", "#3a5a9b"]


def time_to_fault(rows, names, limit):
    first = 0.1

    def across(seconds):
        span = math.log10(limit / first)
        return LEFT + (WIDTH - LEFT - 16) * max(0.0, math.log10(max(seconds, first) / first)) / span

    def up(share):
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
           ' role="img" aria-label="Share of campaigns that have found their fault, by time">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        out.append(f'<path d="M{LEFT} {up(share):.1f}H{WIDTH - 16}" stroke="#dddddd"/>'
                   f'<text x="{LEFT - 8}" y="{up(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    mark = first
    while mark <= limit:
        out.append(f'<text x="{across(mark):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{mark:g} s</text>')
        mark *= 10
    for number, name in enumerate(names):
        of_engine = [row for row in rows if row["engine"] == name]
        if not of_engine:
            continue
        steps = sorted(row["seconds"] for row in of_engine if row["found"])
        path, share = f"M{across(first):.1f} {up(0):.1f}", 0.0
        for rank, seconds in enumerate(steps, 1):
            share = rank / len(of_engine)
            path += f"H{across(seconds):.1f}V{up(share):.1f}"
        path += f"H{across(limit):.1f}"
        out.append(f'<path d="{path}" fill="none" stroke="{COLOURS[number]}" stroke-width="2"/>'
                   f'<text x="{LEFT + 12}" y="{TOP + 16 * number + 4}" fill="{COLOURS[number]}">'
                   f'{name}: {len(steps)} of {len(of_engine)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" text-anchor="middle">time to the first fault</text></svg>')
    return "\n".join(out) + "\n"
