/** Draws a rectangle of image pixels; positions go from image pixels to clip space by one scale and offset. */
export const VERTEX_SHADER = `#version 300 es
in vec2 corner;
uniform vec4 tileRect;   // image pixels: left and lower border, width, height
uniform vec4 toClip;     // clip = imagePosition * toClip.xy + toClip.zw
uniform vec2 tileSize;   // array pixels
out vec2 texel;
void main() {
  vec2 position = tileRect.xy + corner * tileRect.zw;
  texel = corner * tileSize;
  gl_Position = vec4(position * toClip.xy + toClip.zw, 0.0, 1.0);
}`

/**
 * Values to colours. Float textures cannot be filtered by hardware everywhere, so bilinear values are made from four
 * fetches; the scaling functions are those of drawing/scaling.ts, in the order of SCALING_NAMES.
 */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp sampler2D;
in vec2 texel;
uniform sampler2D values;
uniform sampler2D colours;     // 256 x 1
uniform sampler2D cumulative;  // n x 1, for histogram equalisation
uniform bool bilinear;
uniform vec2 clip;             // low, 1 / (high - low)
uniform int scaling;
uniform vec3 shape;            // softening, alpha, gamma
uniform vec2 biasContrast;
uniform vec3 nanColour;
out vec4 colour;

float fetchValue(ivec2 at) {
  return texelFetch(values, clamp(at, ivec2(0), textureSize(values, 0) - 1), 0).r;
}

float sampleValue() {
  if (!bilinear) return fetchValue(ivec2(floor(texel)));
  vec2 position = texel - 0.5;
  ivec2 at = ivec2(floor(position));
  vec2 f = position - vec2(at);
  float lower = mix(fetchValue(at), fetchValue(at + ivec2(1, 0)), f.x);
  float upper = mix(fetchValue(at + ivec2(0, 1)), fetchValue(at + ivec2(1, 1)), f.x);
  return mix(lower, upper, f.y);
}

float inverseSinh(float x) { return log(x + sqrt(x * x + 1.0)); }

float scaled(float t) {
  if (scaling == 1) return inverseSinh(t / shape.x) / inverseSinh(1.0 / shape.x);
  if (scaling == 2) return log(1.0 + shape.y * t) / log(1.0 + shape.y);
  if (scaling == 3) return sqrt(t);
  if (scaling == 4) return t * t;
  if (scaling == 5) return pow(t, shape.z);
  if (scaling == 6) return (pow(shape.y, t) - 1.0) / (shape.y - 1.0);
  if (scaling == 7) {
    int last = textureSize(cumulative, 0).x - 1;
    float position = t * float(last);
    int i = min(last - 1, int(position));
    float a = texelFetch(cumulative, ivec2(i, 0), 0).r;
    float b = texelFetch(cumulative, ivec2(i + 1, 0), 0).r;
    return mix(a, b, position - float(i));
  }
  return t;
}

void main() {
  float value = sampleValue();
  if (isnan(value)) { colour = vec4(nanColour, 1.0); return; }
  float s = scaled(clamp((value - clip.x) * clip.y, 0.0, 1.0));
  float position = clamp((s - biasContrast.x) * biasContrast.y + 0.5, 0.0, 1.0);
  colour = vec4(texelFetch(colours, ivec2(min(255, int(position * 256.0)), 0), 0).rgb, 1.0);
}`
