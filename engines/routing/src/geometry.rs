//! Points and polygons.

/// Is a point inside a polygon (even-odd rule)? Fewer than three corners contain nothing.
pub fn contains(polygon: &[(f64, f64)], point: (f64, f64)) -> bool {
    if polygon.len() < 3 {
        return false;
    }
    let mut inside = false;
    let mut before = polygon[polygon.len() - 1];
    for &corner in polygon {
        let crosses = (corner.1 > point.1) != (before.1 > point.1);
        if crosses {
            let at = corner.0 + (point.1 - corner.1) / (before.1 - corner.1) * (before.0 - corner.0);
            if point.0 < at {
                inside = !inside;
            }
        }
        before = corner;
    }
    inside
}
