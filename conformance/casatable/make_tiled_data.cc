// Makes the tables of refs/casatable/tiled-data.tar.gz, whose columns a TiledDataStMan holds: coordinates,
// identifications, cubes of two shapes, one of which grows after the other was added; with one and with two row axes.
// Python cannot make such tables. Built against Debian's casacore-dev 3.5.0:
//   g++ -std=c++17 -I/usr/include/casacore make_tiled_data.cc -lcasa_tables -lcasa_casa
#include <casacore/casa/Arrays/ArrayMath.h>
#include <casacore/casa/Containers/Record.h>
#include <casacore/tables/DataMan/TiledDataStMan.h>
#include <casacore/tables/DataMan/TiledDataStManAccessor.h>
#include <casacore/tables/Tables.h>

using namespace casacore;

namespace {

Vector<Double> times(int n, double first) {
  Vector<Double> values(n);
  indgen(values, first);
  return values;
}

/** The values by which rows are told apart; tiled-data.test.ts counts on them. */
void fill(Table& table, rownr_t from, int nPol, int nFreq) {
  ArrayColumn<Float> data(table, "data");
  ArrayColumn<Complex> vis(table, "vis");
  ArrayColumn<Bool> flag(table, "flag");
  const IPosition shape(2, nPol, nFreq);
  for (rownr_t row = from; row < table.nrow(); row++) {
    Array<Float> reals(shape);
    Array<Complex> pairs(shape);
    Array<Bool> flags(shape);
    int i = 0;
    for (auto& value : reals) value = row * 100 + i++;
    i = 0;
    for (auto& value : pairs) {
      value = Complex(row + i, double(row) - 2 * i);
      i++;
    }
    i = 0;
    for (auto& value : flags) {
      value = (row * 3 + i * i) % 5 < 2;
      i++;
    }
    data.put(row, reals);
    vis.put(row, pairs);
    flag.put(row, flags);
  }
}

void make(const char* name, Table::EndianFormat endian, bool hasBaselines) {
  const int nBaseline = hasBaselines ? 3 : 1;
  TableDesc description("", "1", TableDesc::Scratch);
  description.addColumn(ArrayColumnDesc<Float>("data", 2));
  description.addColumn(ArrayColumnDesc<Complex>("vis", 2));
  description.addColumn(ArrayColumnDesc<Bool>("flag", 2));
  description.addColumn(ArrayColumnDesc<Float>("pol", 1));
  description.addColumn(ArrayColumnDesc<Double>("freq", 1));
  description.addColumn(ScalarColumnDesc<Double>("time"));
  if (hasBaselines) description.addColumn(ScalarColumnDesc<Int>("baseline"));
  description.addColumn(ScalarColumnDesc<Int>("id"));
  const Vector<String> data(std::vector<String>{"data", "vis", "flag"});
  const Vector<String> id(std::vector<String>{"id"});
  const Vector<String> coordinates(hasBaselines ? std::vector<String>{"pol", "freq", "baseline", "time"}
                                                : std::vector<String>{"pol", "freq", "time"});
  description.defineHypercolumn("TD", hasBaselines ? 4 : 3, data, coordinates, id);
  SetupNewTable setup(name, description, Table::New);
  TiledDataStMan manager("TD");
  setup.bindAll(manager);
  Table table(setup, 0, False, endian);
  TiledDataStManAccessor accessor(table, "TD");

  auto shape = [&](int nPol, int nFreq, int nTime) {
    return hasBaselines ? IPosition(4, nPol, nFreq, nBaseline, nTime) : IPosition(3, nPol, nFreq, nTime);
  };
  auto values = [&](int cube, int nPol, int nFreq, int nTime, double firstTime) {
    Vector<Float> pol(nPol);
    indgen(pol);
    Vector<Double> freq(nFreq);
    indgen(freq, 1e9 + cube);
    Record record;
    record.define("pol", pol);
    record.define("freq", freq);
    record.define("time", times(nTime, firstTime));
    record.define("id", cube);
    if (hasBaselines) {
      Vector<Int> baseline(nBaseline);
      indgen(baseline, 100);
      record.define("baseline", baseline);
    }
    return record;
  };
  auto extend = [&](int n, double firstTime) {
    Record record;
    record.define("time", times(n, firstTime));
    record.define("id", 7);
    accessor.extendHypercube(n, record);
  };
  accessor.addHypercube(shape(2, 5, 0), hasBaselines ? IPosition(4, 2, 3, 2, 3) : IPosition(3, 2, 3, 6),
                        values(7, 2, 5, 0, 0));
  table.addRow(4 * nBaseline);
  extend(4, 1000);
  fill(table, 0, 2, 5);
  rownr_t from = table.nrow();
  table.addRow(3 * nBaseline);
  accessor.addHypercube(shape(4, 3, 3), hasBaselines ? IPosition(4, 3, 2, 2, 2) : IPosition(3, 3, 2, 4),
                        values(9, 4, 3, 3, 2000));
  fill(table, from, 4, 3);
  from = table.nrow();
  table.addRow(2 * nBaseline);
  extend(2, 1004);
  fill(table, from, 2, 5);
}

}  // namespace

int main() {
  make("data-little.table", Table::LittleEndian, false);
  make("data-big.table", Table::BigEndian, false);
  make("data-two-axes.table", Table::LittleEndian, true);
}
