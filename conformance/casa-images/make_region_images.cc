// Makes the images of refs/native/region-masks.tar.gz: small images whose pixel masks, beside a paged one, are lattice
// regions of every kind that casacore stores; `truth` in the keywords holds the pixels that casacore finds in each.
// Python cannot make such masks. Built against Debian's casacore-dev 3.5.0:
//   g++ -std=c++17 -I/usr/include/casacore make_region_images.cc -lcasa_images -lcasa_lattices -lcasa_coordinates \
//     -lcasa_tables -lcasa_casa
#include <casacore/casa/Arrays/ArrayMath.h>
#include <casacore/coordinates/Coordinates/CoordinateSystem.h>
#include <casacore/coordinates/Coordinates/CoordinateUtil.h>
#include <casacore/images/Images/PagedImage.h>
#include <casacore/images/Regions/ImageRegion.h>
#include <casacore/images/Regions/RegionHandler.h>
#include <casacore/lattices/LRegions/LCBox.h>
#include <casacore/lattices/LRegions/LCComplement.h>
#include <casacore/lattices/LRegions/LCDifference.h>
#include <casacore/lattices/LRegions/LCEllipsoid.h>
#include <casacore/lattices/LRegions/LCExtension.h>
#include <casacore/lattices/LRegions/LCIntersection.h>
#include <casacore/lattices/LRegions/LCPixelSet.h>
#include <casacore/lattices/LRegions/LCPolygon.h>
#include <casacore/lattices/LRegions/LCStretch.h>
#include <casacore/lattices/LRegions/LCUnion.h>

#include <map>
#include <memory>

using namespace casacore;

namespace {

/** The pixels of a region, over the whole lattice. */
Array<Bool> pixelsOf(const LCRegion& region, const IPosition& shape) {
  Array<Bool> all(shape, False);
  Array<Bool> found(region.get());
  all(region.boundingBox()) = found;
  return all;
}

Vector<Float> floats(std::vector<Float> values) { return Vector<Float>(values); }

}  // namespace

int main() {
  const IPosition shape(4, 20, 16, 1, 3);
  const IPosition plane(2, 20, 16);
  const IPosition planeAxes(2, 0, 1);
  CoordinateSystem coordinates = CoordinateUtil::defaultCoords4D();
  PagedImage<Float> image(shape, coordinates, "regions.image");
  Array<Float> pixels(shape);
  indgen(pixels);
  image.put(pixels);

  auto box = [&](std::vector<Float> blc, std::vector<Float> trc, const IPosition& lattice) {
    return std::make_unique<LCBox>(floats(blc), floats(trc), lattice);
  };
  const auto extend = [&](const LCRegion& region, std::vector<Float> blc, std::vector<Float> trc) {
    return LCExtension(region, IPosition(2, 2, 3), LCBox(floats(blc), floats(trc), IPosition(2, 1, 3)));
  };
  const LCPolygon polygon(floats({3, 15.5, 12, 4.2}), floats({2, 3.5, 13.25, 9}), plane);
  const LCEllipsoid circle(floats({9.5, 8}), 5.25, plane);
  const LCEllipsoid upright(floats({10, 7}), floats({7, 3.5}), plane);
  const LCEllipsoid turned(10, 8, 7, 3, 0.5, plane);
  const LCBox small(floats({2, 3, 0, 0}), floats({9, 10, 0, 1}), shape);
  const LCBox other(floats({7, 1, 0, 1}), floats({14, 6, 0, 2}), shape);
  Array<Bool> set(IPosition(2, 3, 4), True);
  set(IPosition(2, 1, 1)) = False;
  const LCPixelSet pixelSet(set, LCBox(IPosition(2, 4, 5), IPosition(2, 6, 8), plane));

  std::map<String, std::unique_ptr<LCRegion>> regions;
  regions["box"].reset(small.cloneRegion());
  regions["ball"] = std::make_unique<LCEllipsoid>(floats({9, 8, 0, 1}), floats({6, 5, 0.5, 1.5}), shape);
  regions["circle"].reset(extend(circle, {0, 0}, {0, 2}).cloneRegion());
  regions["ellipse"].reset(extend(upright, {0, 1}, {0, 2}).cloneRegion());
  regions["turned"].reset(extend(turned, {0, 0}, {0, 1}).cloneRegion());
  regions["polygon"].reset(extend(polygon, {0, 1}, {0, 1}).cloneRegion());
  regions["pixels"].reset(extend(pixelSet, {0, 0}, {0, 2}).cloneRegion());
  regions["stretched"] = std::make_unique<LCStretch>(
      LCBox(floats({2, 5, 0, 1}), floats({8, 5, 0, 1}), IPosition(4, 20, 16, 1, 3)), IPosition(1, 1),
      LCBox(floats({3}), floats({9}), IPosition(1, 16)));
  regions["union"] = std::make_unique<LCUnion>(small, other);
  regions["intersection"] = std::make_unique<LCIntersection>(small, other);
  regions["difference"] = std::make_unique<LCDifference>(small, other);
  regions["complement"] = std::make_unique<LCComplement>(extend(polygon, {0, 0}, {0, 2}));
  regions["nested"] = std::make_unique<LCUnion>(LCComplement(small), extend(circle, {0, 1}, {0, 2}));

  Record truth;
  for (auto& [name, region] : regions) {
    image.defineRegion(name, ImageRegion(*region), RegionHandler::Masks);
    truth.define(name, pixelsOf(*region, shape));
  }
  image.table().rwKeywordSet().defineRecord("truth", truth);
  image.setDefaultMask("nested");
}
