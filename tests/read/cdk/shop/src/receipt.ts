export const receipt = (order: any): string => {
  console.log("thanks", order.email);
  return JSON.stringify({ id: order.id });
};
