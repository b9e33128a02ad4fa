/** The OpenAPI document of the prediction API, made of its schemas. */
import { z } from 'zod';
import {
  apiAddressesSchema,
  apiAnswerSchema,
  apiFailureSchema,
  apiHealthSchema,
  apiModelSchema,
} from '../../contract/api/prediction-api.ts';

const schemas = {
  Addresses: apiAddressesSchema,
  Answer: apiAnswerSchema,
  Failure: apiFailureSchema,
  Model: apiModelSchema,
  Health: apiHealthSchema,
};

const jsonOf = (name: keyof typeof schemas) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
});
const answer = (description: string, name: keyof typeof schemas) => ({ description, content: jsonOf(name) });
const text = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: { type: 'string' } } },
});

const failures = {
  400: 'The request holds no photo, or cannot be understood.',
  401: 'No valid token.',
  413: 'Too many bytes or photos.',
  415: 'Neither a form nor a photo.',
  422: 'None of the photos can be read.',
  503: 'Too many photos wait, or the answer took too long; `Retry-After` says in how many seconds to try again.',
};

const get = (operationId: string, summary: string, good: object, open = false) => ({
  get: {
    operationId,
    summary,
    ...(open ? { security: [] } : {}),
    responses: { 200: good, ...(open ? {} : { 401: answer(failures[401], 'Failure') }) },
  },
});

/** The document, OpenAPI 3.1. @param version of the program */
export function apiDocument(version: string): object {
  // OpenAPI 3.1 says the second, generators of clients look for the first.
  const photo = { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' };
  const components = Object.entries(schemas).map(([name, schema]) => {
    const plain: Record<string, unknown> = { ...z.toJSONSchema(schema) };
    delete plain.$schema;
    return [name, plain];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lenslet predictions',
      version,
      description: 'Tells photos apart with a model that was trained in Lenslet.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths: {
      '/v1/predict': {
        post: {
          operationId: 'predict',
          summary: 'Predicts one or more photos.',
          parameters: [
            {
              name: 'top',
              in: 'query',
              description: 'How many classes are named.',
              schema: { type: 'integer', minimum: 1, maximum: 9999, default: 5 },
            },
            {
              name: 'heatmap',
              in: 'query',
              description: 'Whether each answer has its heatmap; for up to eight photos.',
              schema: { type: 'boolean', default: false },
            },
          ],
          requestBody: {
            required: true,
            content: {
              'multipart/form-data': {
                schema: {
                  type: 'object',
                  properties: { image: { type: 'array', items: photo, minItems: 1 } },
                  required: ['image'],
                },
              },
              // Types of images are taken too; generators know no type with a star.
              'application/octet-stream': { schema: photo },
              // Where the server was started with --allow-url.
              'application/json': { schema: { $ref: '#/components/schemas/Addresses' } },
            },
          },
          responses: {
            200: answer('What each photo shows, in the order sent.', 'Answer'),
            ...Object.fromEntries(
              Object.entries(failures).map(([status, words]) => [status, answer(words, 'Failure')]),
            ),
          },
        },
      },
      '/v1/model': get('model', 'What the model is.', answer('The model.', 'Model')),
      '/health': get('health', 'Whether photos are taken in.', answer('They are.', 'Health'), true),
      '/metrics': get('metrics', 'Figures for Prometheus.', text('The figures.', 'text/plain')),
      '/openapi.json': get(
        'document',
        'This document.',
        { description: 'The document.', content: { 'application/json': { schema: { type: 'object' } } } },
        true,
      ),
      '/docs': get('docs', 'A page to try it with.', text('The page.', 'text/html'), true),
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries(components) as object,
    },
  };
}
