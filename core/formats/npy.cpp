// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/npy.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/base/error.h"
#include "core/base/files.h"

namespace counterpoint {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kMostDimensions = 8;
constexpr std::size_t kLongestHeader = 1 << 16;  // NumPy itself refuses headers over 10,000 characters
constexpr std::string_view kCure = "Save it again with numpy.save as a plain array of numbers";

// Reads the header, a Python dictionary of three keys.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::string where) : text_(text), where_(std::move(where)) {}

  void read(std::string& descr, bool& fortranOrder, std::vector<std::int64_t>& shape) {
    std::optional<std::string> descrFound;
    std::optional<bool> orderFound;
    std::optional<std::vector<std::int64_t>> shapeFound;
    expect('{');
    while (!accept('}')) {
      const std::string key = readString();
      expect(':');
      if (key == "descr" && !descrFound) {
        descrFound = readDescr();
      } else if (key == "fortran_order" && !orderFound) {
        orderFound = readBool();
      } else if (key == "shape" && !shapeFound) {
        shapeFound = readShape();
      } else {
        fail("has the unexpected key '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (position_ != text_.size()) fail("goes on after its closing brace");
    if (!descrFound || !orderFound || !shapeFound) fail("lacks one of descr, fortran_order, shape");
    descr = *descrFound;
    fortranOrder = *orderFound;
    shape = *shapeFound;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw dataError("the .npy header " + what, where_, std::string(kCure));
  }
  void skipBlanks() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n')) ++position_;
  }
  bool accept(char wanted) {
    skipBlanks();
    if (position_ >= text_.size() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) fail(fmt::format("has no '{}' at character {}", wanted, position_));
  }
  std::string readString() {
    skipBlanks();
    const char quote = position_ < text_.size() ? text_[position_] : '\0';
    if (quote != '\'' && quote != '"') fail(fmt::format("has no string at character {}", position_));
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) fail("has a string without an end");
    std::string result(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return result;
  }
  std::string readDescr() {
    skipBlanks();
    if (position_ < text_.size() && text_[position_] == '[')
      throw dataError("is a structured array, which is not supported", where_, std::string(kCure));
    return readString();
  }
  bool readBool() {
    skipBlanks();
    for (const auto& [word, value] : {std::pair{"True", true}, std::pair{"False", false}}) {
      if (text_.substr(position_).starts_with(word)) {
        position_ += std::strlen(word);
        return value;
      }
    }
    fail("has a fortran_order that is neither True nor False");
  }
  std::vector<std::int64_t> readShape() {
    std::vector<std::int64_t> shape;
    expect('(');
    while (!accept(')')) {
      skipBlanks();
      std::int64_t extent = 0;
      const char* begin = text_.data() + position_;
      const auto [end, code] = std::from_chars(begin, text_.data() + text_.size(), extent);
      if (code != std::errc() || extent < 0) fail("has a shape with something else than sizes");
      position_ += static_cast<std::size_t>(end - begin);
      accept('L');  // written by Python 2
      shape.push_back(extent);
      if (shape.size() > kMostDimensions) fail(fmt::format("has more than {} dimensions", kMostDimensions));
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  std::string_view text_;
  std::string where_;
  std::size_t position_ = 0;
};

std::uint32_t littleEndian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8) | static_cast<std::uint32_t>(bytes[i]);
  return value;
}

DType dtypeOrThrow(const std::string& descr, const std::string& where) {
  if (const auto dtype = dtypeOfNpyName(descr)) return *dtype;
  if (descr.starts_with('>'))
    throw dataError("holds big-endian numbers ('" + descr + "')", where,
                    "Save it again with array.astype('<" + descr.substr(1) + "')");
  if (descr.find('O') != std::string::npos)
    throw dataError("holds pickled Python objects, which are never run", where, std::string(kCure));
  throw dataError("holds elements of type '" + descr + "', which is not supported", where,
                  "Save it again as float32, e.g. numpy.save(path, array.astype('<f4'))");
}

// Copies Fortran-ordered elements of `size` bytes into C order.
void reorder(std::span<const std::int64_t> shape, std::size_t size, const std::byte* source, std::byte* target,
             std::int64_t count) {
  const std::size_t dimensions = shape.size();
  std::vector<std::int64_t> strides(dimensions, 1), index(dimensions, 0);
  for (std::size_t d = 1; d < dimensions; ++d) strides[d] = strides[d - 1] * shape[d - 1];
  std::int64_t from = 0;
  for (std::int64_t to = 0; to < count; ++to) {
    std::memcpy(target + static_cast<std::size_t>(to) * size, source + static_cast<std::size_t>(from) * size, size);
    for (std::size_t d = dimensions; d-- > 0;) {
      from += strides[d];
      if (++index[d] < shape[d]) break;
      from -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

}  // namespace

NpyArray NpyArray::open(const std::filesystem::path& path) {
  const std::string where = path.string();
  NpyArray array;
  array.path_ = path;
  array.file_ = std::make_shared<const FileMapping>(path);
  const std::span<const std::byte> all = array.file_->bytes();
  if (all.size() < 10 || std::memcmp(all.data(), kMagic.data(), kMagic.size()) != 0)
    throw dataError("is no .npy file: it does not begin with \\x93NUMPY", where, std::string(kCure));
  const int major = static_cast<int>(all[6]);
  if (major < 1 || major > 3)
    throw dataError(fmt::format("has .npy version {}, only 1 to 3 are known", major), where, std::string(kCure));
  const std::size_t lengthBytes = major == 1 ? 2 : 4;
  if (all.size() < 8 + lengthBytes) throw dataError("ends within its .npy header", where);
  const std::size_t headerLength = littleEndian(all.subspan(8, lengthBytes));
  const std::size_t headerStart = 8 + lengthBytes;
  if (headerLength > kLongestHeader)
    throw dataError(fmt::format("has an .npy header of {} bytes, more than {}", headerLength, kLongestHeader), where);
  if (all.size() - headerStart < headerLength)
    throw dataError("ends within its .npy header", where, "The file is cut short; copy it again");

  std::string descr;
  HeaderReader reader({reinterpret_cast<const char*>(all.data()) + headerStart, headerLength}, where);
  reader.read(descr, array.fortranOrder_, array.shape_);
  array.dtype_ = dtypeOrThrow(descr, where);
  array.count_ = checkedElementCount(array.shape_, where);
  const std::span<const std::byte> payload = all.subspan(headerStart + headerLength);
  // Division, because the product of a hostile shape and the element size may overflow.
  const std::size_t size = sizeOf(array.dtype_);
  if (payload.size() / size < static_cast<std::uint64_t>(array.count_) ||
      payload.size() != static_cast<std::size_t>(array.count_) * size)
    throw dataError(fmt::format("holds {} bytes of data, but shape {} of {} needs {} elements of {} bytes",
                                payload.size(), shapeInWords(array.shape_), descr, array.count_, size),
                    where, "The file is damaged; copy or save it again");
  array.bytes_ = payload;
  return array;
}

std::vector<std::byte> NpyArray::orderedBytes() const {
  std::vector<std::byte> ordered(bytes_.size());
  if (fortranOrder_ && shape_.size() > 1) {
    reorder(shape_, sizeOf(dtype_), bytes_.data(), ordered.data(), count_);
  } else if (!bytes_.empty()) {
    std::memcpy(ordered.data(), bytes_.data(), bytes_.size());
  }
  return ordered;
}

std::vector<float> NpyArray::floats() const {
  std::vector<float> values(static_cast<std::size_t>(count_));
  if (fortranOrder_ && shape_.size() > 1) {
    convertToFloat(dtype_, orderedBytes(), values);
  } else {
    convertToFloat(dtype_, bytes_, values);
  }
  return values;
}

std::vector<float> NpyArray::floatRow(std::int64_t row) const {
  if (dimensions() != 1 && dimensions() != 2)
    throw dataError("has shape " + shapeInWords(shape_) + ", rows need one or two dimensions", path_.string());
  const std::int64_t rows = dimensions() == 1 ? 1 : shape_[0];
  if (row < 0 || row >= rows)
    throw dataError(fmt::format("has no row {}: it has {} rows, counted from 0", row, rows), path_.string());
  if (dimensions() == 1) return floats();
  const auto width = static_cast<std::size_t>(shape_[1]);
  const std::size_t size = sizeOf(dtype_);
  std::vector<float> values(width);
  if (!fortranOrder_) {
    convertToFloat(dtype_, bytes_.subspan(static_cast<std::size_t>(row) * width * size, width * size), values);
    return values;
  }
  for (std::size_t column = 0; column < width; ++column) {
    const std::size_t element = column * static_cast<std::size_t>(rows) + static_cast<std::size_t>(row);
    convertToFloat(dtype_, bytes_.subspan(element * size, size), std::span(&values[column], 1));
  }
  return values;
}

std::span<const float> NpyArray::floatView() const {
  const bool ordered = !fortranOrder_ || shape_.size() <= 1;
  const bool aligned = reinterpret_cast<std::uintptr_t>(bytes_.data()) % alignof(float) == 0;
  if (dtype_ != DType::F32 || !ordered || !aligned) return {};
  return {reinterpret_cast<const float*>(bytes_.data()), static_cast<std::size_t>(count_)};
}

void writeNpy(const std::filesystem::path& path, DType dtype, std::span<const std::int64_t> shape,
              std::span<const std::byte> raw) {
  if (npyName(dtype).empty()) throw Error(ErrorKind::Bug, "bfloat16 cannot be written as .npy", path.string());
  const std::int64_t count = checkedElementCount(shape, path.string());
  if (raw.size() != static_cast<std::size_t>(count) * sizeOf(dtype))
    throw Error(ErrorKind::Bug, "writeNpy: the data does not fit the shape " + shapeInWords(shape), path.string());
  std::string tuple = "(";
  for (const std::int64_t extent : shape) tuple += std::to_string(extent) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1) tuple.resize(tuple.size() - 2);
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}), }}", npyName(dtype), tuple);
  // The data begins at a multiple of 64, as NumPy wants it.
  const std::size_t unpadded = 10 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header += '\n';
  std::string prologue(kMagic);
  prologue += {'\x01', '\x00', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  prologue += header;
  writePiecesAtomically(path, {prologue, {reinterpret_cast<const char*>(raw.data()), raw.size()}});
}

void writeNpy(const std::filesystem::path& path, std::span<const std::int64_t> shape, std::span<const float> values) {
  writeNpy(path, DType::F32, shape, std::as_bytes(values));
}

}  // namespace counterpoint
