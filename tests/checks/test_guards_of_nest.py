"""Guards of NestJS: those that refuse, those that only may, and those that let everybody on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.asked import TEMPLATE, told

APP = """
import { NestFactory, APP_GUARD, Reflector } from '@nestjs/core';
import { Body, CanActivate, Controller, ExecutionContext, Injectable, Module, Param, Post,
  SetMetadata, UnauthorizedException, UseGuards, applyDecorators } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { JwtService } from '@nestjs/jwt';
import { ThrottlerGuard } from '@nestjs/throttler';
import { Foreign } from '@acme/guards';
import serverlessExpress from '@vendia/serverless-express';
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const Public = () => SetMetadata('isPublic', true);
GUARD
@Controller('customers')
OF_CLASS
export class Customers {
  OF_METHOD
  @Post(':id')
  async put(@Param('id') id: string, @Body() body: any) {
    const Item = { id, email: body.email, phone: body.phone };
    await db.send(new PutCommand({ TableName: "customers", Item }));
    const found = await db.send(new GetCommand({ TableName: "customers", Key: { id } }));
    return found.Item;
  }
  OF_OTHER
  @Post('other/:id')
  async other(@Param('id') id: string) { return {}; }
}
@Module({ controllers: [Customers], providers: [PROVIDED] })
export class AppModule {}
let server;
export const handler = async (event, context, callback) => {
  const app = await NestFactory.create(AppModule);
  STARTED
  await app.init();
  server = serverlessExpress({ app: app.getHttpAdapter().getInstance() });
  return server(event, context, callback);
};
"""
GUARD = """@Injectable() export class Guard implements CanActivate {
  constructor(private tokens: JwtService, private reflector: Reflector) {}
  async canActivate(context: ExecutionContext) {
    const request = context.switchToHttp().getRequest();
    DOES
  }
}
"""
KEY = "request.headers['x-api-key'] === process.env.API_KEY"
SIGNED = """
    if (this.reflector.getAllAndOverride('isPublic', [context.getHandler()])) return true;
    try { request.user = await this.tokens.verifyAsync(request.headers.authorization); }
    catch { throw new UnauthorizedException(); }
    return true;
"""
EXTENDED = "export class Guard extends AuthGuard('jwt') {}"
LENIENT = "export class Guard extends AuthGuard('jwt') { handleRequest(e, user) { return user; } }"
EVERYWHERE = "{ provide: APP_GUARD, useClass: Guard }"
COMPOSED = "const Auth = () => applyDecorators(UseGuards(Guard));"


def guarded(root: Path, **parts: str) -> str:
    text = APP
    for name in ("OF_CLASS", "OF_METHOD", "OF_OTHER", "PROVIDED", "STARTED", "\nGUARD\n"):
        text = text.replace(name, f"{parts.get(name.strip().lower(), '')}\n", 1)
    template = TEMPLATE.replace("RUNTIME", "nodejs22.x")
    return told(root, {"template.yaml": template, "app.ts": text})


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        (f"return {KEY};", "known"),
        (f"if (!({KEY})) throw new UnauthorizedException(); return true;", "known"),
        (SIGNED, "known"),
        ("return this.rules.decide(request);", "perhaps"),
        ("if (this.rules.isClosed()) throw new UnauthorizedException(); return true;", "perhaps"),
        ("console.log('asked'); return true;", "open"),
    ],
)
@pytest.mark.parametrize(
    "parts",
    [
        {"of_class": "@UseGuards(Guard)"},
        {"of_method": "@UseGuards(Guard)"},
        {"provided": EVERYWHERE},
        {"started": "app.useGlobalGuards(new Guard(new JwtService(), new Reflector()));"},
    ],
)
def test_a_guard_is_run(tmp_path: Path, parts: dict[str, str], does: str, expected: str) -> None:
    assert guarded(tmp_path, guard=GUARD.replace("DOES", does), **parts) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, "open"),
        ({"of_class": "@UseGuards(AuthGuard('jwt'))"}, "known"),
        ({"guard": EXTENDED, "provided": EVERYWHERE}, "known"),
        ({"guard": LENIENT, "provided": EVERYWHERE}, "perhaps"),
        ({"guard": EXTENDED + COMPOSED, "of_method": "@Auth()"}, "known"),
        ({"guard": EXTENDED, "of_other": "@UseGuards(Guard)"}, "open"),
        ({"of_class": "@UseGuards(Foreign)"}, "perhaps"),
        ({"provided": "{ provide: APP_GUARD, useClass: ThrottlerGuard }"}, "open"),
    ],
)
def test_guards_of_packages(tmp_path: Path, parts: dict[str, str], expected: str) -> None:
    assert guarded(tmp_path, **parts) == expected


@pytest.mark.parametrize(
    ("mark", "expected"),
    [("@Public()", "open"), ("@SetMetadata('isPublic', false)", "known"), ("", "known")],
)
def test_a_route_is_for_all_by_a_mark(tmp_path: Path, mark: str, expected: str) -> None:
    guard = GUARD.replace("DOES", SIGNED)
    assert guarded(tmp_path, guard=guard, provided=EVERYWHERE, of_method=mark) == expected
