/** Short texts of notebooks: ids of tables, rows and columns, labels. Browser-safe. */
import { z } from 'zod';

export const wordSchema = z.string().max(120);
