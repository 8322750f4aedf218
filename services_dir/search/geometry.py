"""Distances on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import numpy as np

from services_dir.catalog.gazetteer import Point
from services_dir.search.columns import Snapshot
from services_dir.search.document import SitePoint
from services_dir.search.matching import Floats

EARTH_MILES = 3958.8


def miles_to_sites(snapshot: Snapshot, point: Point) -> Floats:
    """Give the distance from a point to each public site (haversine formula, on a sphere)."""
    latitude, longitude = np.radians(point[0]), np.radians(point[1])
    sites = snapshot.sites
    half = (
        np.sin((sites.latitudes - latitude) / 2) ** 2
        + np.cos(latitude) * np.cos(sites.latitudes) * np.sin((sites.longitudes - longitude) / 2) ** 2
    )
    return np.asarray(2 * EARTH_MILES * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def nearest(snapshot: Snapshot, distances: Floats) -> Floats:
    """Give each program's distance to its nearest public site; infinite where it has none."""
    found = np.full(snapshot.size, np.inf)
    np.minimum.at(found, snapshot.sites.documents, distances)
    return found


def nearest_site(sites: tuple[SitePoint, ...], point: Point) -> tuple[float, SitePoint] | None:
    """Give the site nearest to a point, the first of those that are equally near, and its distance."""
    miles = ((miles_between(point, (site.latitude, site.longitude)), site) for site in sites)
    return min(miles, key=lambda pair: pair[0], default=None)


def miles_between(one: Point, other: Point) -> float:
    """Give the distance between two points (haversine formula, on a sphere)."""
    half = (
        sin(radians(other[0] - one[0]) / 2) ** 2
        + cos(radians(one[0])) * cos(radians(other[0])) * sin(radians(other[1] - one[1]) / 2) ** 2
    )
    return 2 * EARTH_MILES * asin(sqrt(min(1.0, half)))
