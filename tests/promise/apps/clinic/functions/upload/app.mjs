import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const papers = new S3Client({});

export const handler = async (event) => {
  const { name, diagnosis, passportNumber } = JSON.parse(event.body);
  await papers.send(
    new PutObjectCommand({
      Bucket: process.env.PAPERS_BUCKET,
      Key: `scans/${event.pathParameters.patient}/${name}`,
      Body: JSON.stringify({ diagnosis }),
    }),
  );
  return { statusCode: passportNumber ? 202 : 201, body: "{}" };
};
