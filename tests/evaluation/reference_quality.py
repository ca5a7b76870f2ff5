"""Panoptic quality once more, naively, from the published description (arXiv 1801.00868, section 4) and from
how its reference implementation treats void and crowds; apart from panoseg's own code, which must
agree with it.
"""

from collections import defaultdict

import numpy as np


def evaluate(pictures, categories):
    """`pictures`: (truth map, truth segments, guess map, guess segments), segments as dicts with id,
    category_id and (truth) iscrowd. Returns category id → (IoU sum, TP, FP, FN), and the group means.
    """
    iou_sum, found, wrong, lost = (defaultdict(float) for _ in range(4))
    for truth_map, truth, guess_map, guess in pictures:
        truth_of = {s["id"]: s for s in truth}
        guess_of = {s["id"]: s for s in guess}
        matched_truth, matched_guess = set(), set()
        for t, one in truth_of.items():
            for g, other in guess_of.items():
                if one["iscrowd"] or one["category_id"] != other["category_id"]:
                    continue
                mine, its = truth_map == t, guess_map == g
                both = np.count_nonzero(mine & its)
                either = np.count_nonzero(mine | its) - np.count_nonzero(its & (truth_map == 0))
                if both / either > 0.5:
                    found[one["category_id"]] += 1
                    iou_sum[one["category_id"]] += both / either
                    matched_truth.add(t)
                    matched_guess.add(g)
        crowd_of = {}
        for t, one in truth_of.items():
            if t in matched_truth:
                continue
            if one["iscrowd"]:
                crowd_of[one["category_id"]] = t  # the last one counts
            else:
                lost[one["category_id"]] += 1
        for g, other in guess_of.items():
            if g in matched_guess:
                continue
            its = guess_map == g
            excused = np.count_nonzero(its & (truth_map == 0))
            if other["category_id"] in crowd_of:
                excused += np.count_nonzero(its & (truth_map == crowd_of[other["category_id"]]))
            if excused / np.count_nonzero(its) > 0.5:
                continue
            wrong[other["category_id"]] += 1
    classes, groups = {}, {}
    for category in categories:
        c = category["id"]
        classes[c] = (iou_sum[c], found[c], wrong[c], lost[c])
    for name, wanted in (("all", (0, 1)), ("things", (1,)), ("stuff", (0,))):
        rows = [classes[c["id"]] for c in categories if c["isthing"] in wanted and sum(classes[c["id"]][1:])]
        values = [
            (iou / (tp + fp / 2 + fn / 2), iou / tp if tp else 0.0, tp / (tp + fp / 2 + fn / 2))
            for iou, tp, fp, fn in rows
        ]
        groups[name] = tuple(np.mean(values, axis=0)) if values else None
    return classes, groups
