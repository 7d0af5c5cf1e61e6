import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '../../server/zoo/model-config.ts';
import { repositoryRoot } from '../../server/zoo/root.ts';

const path = join(repositoryRoot(), 'server/zoo/embedded/models/minilm-2l-imdb/config.json');
const good: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));

const parse = (changes: object) => parseModelConfig({ ...good, ...changes }, 'some/config.json');

describe('model config', () => {
  it('reads the embedded model', () => {
    expect(parse({})).toEqual({
      architecture: 'bert',
      layers: 2,
      hidden: 384,
      heads: 12,
      ffn: 1536,
      vocabularySize: 8192,
      maxPositions: 128,
      typeVocabularySize: 2,
      maxLength: 64,
      labels: ['negative', 'positive'],
      layerNormEpsilon: 1e-12,
      activation: 'gelu',
      truncation: { headFraction: 0.3 },
      pooling: 'mean',
    });
  });

  const refusals: [object, RegExp][] = [
    [
      { model_type: 'gpt2' },
      /some\/config\.json: model_type is "gpt2", Parley needs "bert" or "roberta"/,
    ],
    [{ model_type: 'roberta' }, /architectures .* needs \["RobertaForSequenceClassification"\]/],
    [{ architectures: ['BertForMaskedLM'] }, /architectures/],
    [{ hidden_act: 'gelu_new' }, /hidden_act is "gelu_new"/],
    [{ position_embedding_type: 'relative_key' }, /position_embedding_type/],
    [{ is_decoder: true }, /is_decoder/],
    [{ num_hidden_layers: 0 }, /num_hidden_layers is 0/],
    [{ hidden_size: 384.5 }, /hidden_size/],
    [{ num_attention_heads: 7 }, /num_attention_heads is 7, Parley needs a divisor/],
    [{ layer_norm_eps: 0 }, /layer_norm_eps/],
    [{ vocab_size: undefined }, /vocab_size is undefined/],
    [{ id2label: { 0: 'negative', 2: 'positive' } }, /id2label/],
    [{ parley: undefined }, /parley is undefined/],
    [{ parley: { maxLength: 129, truncation: { headFraction: 0.3 } } }, /parley\.maxLength is 129/],
    [
      { parley: { maxLength: 64, truncation: { headFraction: 2 } } },
      /truncation\.headFraction is 2/,
    ],
    [
      { parley: { maxLength: 64, truncation: { headFraction: 0 }, pooling: 'max' } },
      /parley\.pooling is "max"/,
    ],
  ];
  it.each(refusals)('refuses %j', (changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });

  it('takes the standard [CLS] pooling when the config does not speak of it', () => {
    const parley = { maxLength: 64, truncation: { headFraction: 0.3 } };
    expect(parse({ parley }).pooling).toBe('cls');
  });
});
