"""The catalog for machines: the API of HSDS under `/hsds`."""
