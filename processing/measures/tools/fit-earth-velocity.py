#!/usr/bin/env python3
"""Derive src/earth-velocity-table.ts: harmonics of the Earth's barycentric velocity, fitted to IAU SOFA's epv00.

Candidate arguments are small integer combinations of the mean longitudes of the planets and of the lunar arguments D, l, F.
The strongest in the (windowed) spectrum of what is left is added until the residual is small, refitting all terms by least
squares after each addition.

usage: fit-earth-velocity.py OUTPUT.ts   (needs numpy and pyerfa; takes two minutes)
"""
import json
import sys

import erfa
import numpy as np

AU_PER_DAY = 149597870700.0 / 86400  # m/s
ARGUMENTS = {  # phase at J2000 (rad), rate (rad per Julian century); IERS Conventions (2003), equations 5.39 to 5.44
    'E': (1.753470314, 628.3075849991), 'V': (3.176146697, 1021.3285546211), 'Ma': (6.203480913, 334.0612426700),
    'J': (0.599546497, 52.9690962641), 'S': (0.874016757, 21.3299104960), 'U': (5.481293871, 7.4781598567),
    'D': (5.198466741, 7771.3771468121), 'l': (2.355555980, 8328.6914269554), 'F': (1.627905234, 8433.466158131),
}
NAMES = list(ARGUMENTS)
MAX_TERMS = 140
RESOLUTION = 0.5  # rad per century: closer candidates cannot be told apart

mjd = np.arange(33000, 69000, 1.7)
velocity = erfa.epv00(2400000.5, mjd)[1]['v'] * AU_PER_DAY
t = (mjd - 51544.5) / 36525


def candidates():
    keys = {}

    def add(**multipliers):
        key = tuple(multipliers.get(name, 0) for name in NAMES)
        first = next((k for k in key if k), 0)
        if first:
            keys[key if first > 0 else tuple(-k for k in key)] = True

    for e in range(8):
        add(E=e)
    for planet in ('J', 'S', 'U', 'V', 'Ma'):
        for k in range(1, 4):
            add(**{planet: k})
    for e in range(-13, 14):
        for k in range(-10, 11):
            if abs(e + k) <= 3:
                add(E=e, V=k)
                add(E=e, Ma=k)
                if abs(k) <= 5:
                    add(E=e, J=k)
                if abs(k) <= 3:
                    add(E=e, S=k)
    for e in range(-3, 4):
        for j in range(-3, 4):
            for s in range(-5, 6):
                if abs(e + j + s) <= 3:
                    add(E=e, J=j, S=s)
    for e in range(-5, 6):
        for d in range(-4, 5):
            for l in range(-3, 4):
                for f in range(-3, 4):
                    if abs(d) + abs(l) + abs(f) <= 6:
                        add(E=e, D=d, l=l, F=f)
    for e in range(-8, 9):
        for k in range(-10, 11):
            for j in (-1, 1):
                if abs(e + k + j) <= 2:
                    add(E=e, Ma=k, J=j)
                    add(E=e, V=k, J=j)
    return list(keys)


keys = candidates()
rate = np.array([sum(k * ARGUMENTS[n][1] for k, n in zip(key, NAMES)) for key in keys])
phase = np.array([sum(k * ARGUMENTS[n][0] for k, n in zip(key, NAMES)) for key in keys])
kept = []
for i in sorted(range(len(keys)), key=lambda i: sum(map(abs, keys[i]))):
    if abs(rate[i]) > 0.2 and all(abs(abs(rate[i]) - abs(rate[j])) > RESOLUTION for j in kept):
        kept.append(i)


def design(terms):
    columns = [np.ones_like(t), t]
    for i, order in terms:
        argument = rate[i] * t + phase[i]
        for power in range(order + 1):
            columns += [np.cos(argument) * t**power, np.sin(argument) * t**power]
    return np.stack(columns, 1)


window = np.hanning(len(t))[:, None]
terms, residual = [], velocity - velocity.mean(0)
while len(terms) < MAX_TERMS:
    amplitude = np.array([
        np.sqrt((np.abs(np.exp(1j * (rate[i] * t + phase[i])) @ (residual * window)) ** 2).sum()) for i in kept
    ]) * 2 / window.sum()
    best = np.argsort(-amplitude)[:4]
    for b in best[amplitude[best] > 0.35 * amplitude[best[0]]]:
        if kept[b] in {i for i, _ in terms}:
            terms = [(i, 1 if i == kept[b] else order) for i, order in terms]
        else:
            terms.append((kept[b], 1 if amplitude[best[0]] > 3 else 0))
    coefficients = np.linalg.lstsq(design(terms), velocity, rcond=None)[0]
    residual = velocity - design(terms) @ coefficients
print(f'{len(terms)} terms, residual rms {residual.std(0)}, max {np.abs(residual).max(0)} m/s', file=sys.stderr)

rows, at = [], 2
for i, order in terms:
    block = coefficients[at:at + 2 * (order + 1)]
    at += len(block)
    numbers = np.concatenate([block[k:k + 2].T.ravel() for k in range(0, len(block), 2)])
    rows.append((np.abs(block).max(), list(keys[i]), [round(float(x), 3) for x in numbers]))
rows.sort(key=lambda row: -row[0])
with open(sys.argv[1], 'w') as out:
    out.write(f'export const VELOCITY_SECULAR: readonly number[] = {json.dumps([round(float(x), 3) for x in coefficients[:2].T.ravel()])}\n')
    out.write('export const HARMONIC_ARGUMENTS: readonly (readonly number[])[] = [\n' + ''.join(f'  {key},\n' for _, key, _ in rows) + ']\n')
    out.write('export const HARMONIC_COEFFICIENTS: readonly (readonly number[])[] = [\n' + ''.join(f'  {numbers},\n' for _, _, numbers in rows) + ']\n')
