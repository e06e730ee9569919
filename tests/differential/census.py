from collections import Counter


def constructs_of(*a):
    return Counter()
