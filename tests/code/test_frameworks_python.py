"""Python's web frameworks inside a function: what reaches a table, and what is answered.

Before each program stands its name, and what must be seen: ``route METHOD /path``, ``email PATH``
of the event that is put into the table, or an argument of the response.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import Summary
from tests.code.conftest import claims, seen

HEAD = """
import boto3
table = boto3.resource("dynamodb").Table("t")

def save(email):
    table.put_item(Item={"email": email})

"""

FLASK = """
## json | route POST /mails/<id> | email body.email
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.route("/mails/<id>", methods=["POST"])
def mail(id):
    save(request.json["email"])
    return "ok"

def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)

## get_json | route POST /mails | email body.email
from flask import Flask, request, jsonify
import awsgi
app = Flask(__name__)

@app.post("/mails")
def mail():
    data = request.get_json(force=True)
    save(data.get("email"))
    return jsonify(data)

def handler(event, context):
    return awsgi.response(app, event, context)

## form | email body.email
from flask import Flask, request
from apig_wsgi import make_lambda_handler
app = Flask(__name__)

@app.post("/mails")
def mail():
    save(request.form["email"])
    return {}

handler = make_lambda_handler(app)

## args | email queryStringParameters.email
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    save(request.args.get("email", ""))
    return {}

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## header | email headers.email
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    save(request.headers.get("email"))
    return {}

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## cookie | email cookies.email
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    save(request.cookies.get("email"))
    return {}

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## view arguments and a blueprint | route GET /api/mails/<email> | email pathParameters.email
from flask import Flask, Blueprint
import serverless_wsgi
mails = Blueprint("mails", __name__, url_prefix="/api")

@mails.route("/mails/<email>")
def mail(email):
    save(email)
    return {}

app = Flask(__name__)
app.register_blueprint(mails)
handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## a method view | email body.email
from flask import Flask, request
from flask.views import MethodView
import serverless_wsgi
app = Flask(__name__)

class Mails(MethodView):
    def post(self):
        save(request.json["email"])
        return {}

app.add_url_rule("/mails", view_func=Mails.as_view("mails"))
handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## add_url_rule | route POST /mails | email body.email
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

def mail():
    save(request.json["email"])
    return {}

app.add_url_rule("/mails", "mail", mail, methods=["POST"])
handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## flask restful | email body.email
from flask import Flask, request
from flask_restful import Api, Resource
import serverless_wsgi
app = Flask(__name__)
api = Api(app)

class Mails(Resource):
    def post(self):
        save(request.get_json()["email"])
        return {}, 201

api.add_resource(Mails, "/mails")
handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## before request and g | email headers.Authorization
from flask import Flask, request, g
import serverless_wsgi
app = Flask(__name__)

@app.before_request
def user():
    g.user = request.headers["Authorization"]

@app.get("/mails")
def mail():
    save(g.user)
    return {}

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## a decorator of the program under the route | email body.email
from functools import wraps
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

def logged(function):
    @wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

@app.post("/mails")
@logged
def mail():
    save(request.json["email"])
    return {}

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## an application factory | email body.email
from flask import Flask, request
import serverless_wsgi

def create_app():
    app = Flask(__name__)
    @app.post("/mails")
    def mail():
        save(request.json["email"])
        return {}
    return app

app = create_app()
def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)

## the wsgi environment | email requestContext.authorizer.claims.email
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    save(request.environ["serverless.event"]["requestContext"]["authorizer"]["claims"]["email"])
    return {}

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## answer a text | body ${event.queryStringParameters.name} | headers.Content-Type text/html
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    return request.args["name"]

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## answer with a status | body.name ${event.queryStringParameters.name} | statusCode 201
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    return {"name": request.args["name"]}, 201

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## answer with headers | body ${event.queryStringParameters.name} | statusCode 200 | headers.X-A b
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    return request.args["name"], 200, {"X-A": "b"}

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## answer a redirect | headers.Location ${event.queryStringParameters.next} | statusCode 302
from flask import Flask, request, redirect
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    return redirect(request.args["next"])

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## answer jsonify | body.name ${event.queryStringParameters.name} | headers.Content-Type application/json
from flask import Flask, request, jsonify
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    return jsonify(name=request.args["name"])

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## answer a response | body ${event.queryStringParameters.name} | headers.Content-Type text/plain | statusCode 400
from flask import Flask, request, Response
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    return Response(request.args["name"], status=400, mimetype="text/plain")

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)

## answer a made response | body ${event.queryStringParameters.name} | headers.X-Name ${event.headers.name}
from flask import Flask, request, make_response
import serverless_wsgi
app = Flask(__name__)

@app.get("/mails")
def mail():
    answer = make_response(request.args["name"])
    answer.headers["X-Name"] = request.headers["name"]
    return answer

handler = lambda event, context: serverless_wsgi.handle_request(app, event, context)
"""

FASTAPI = """
## a model as the body | route POST /mails | email body.email
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel
app = FastAPI()

class Mail(BaseModel):
    email: str

@app.post("/mails")
async def mail(mail: Mail):
    save(mail.email)
    return mail

handler = Mangum(app)

## a model's dump | email body.email
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel
app = FastAPI()

class Mail(BaseModel):
    email: str

@app.post("/mails")
async def mail(mail: Mail):
    save(mail.model_dump()["email"])

handler = Mangum(app, lifespan="off")

## a body parameter | email body.email
from fastapi import FastAPI, Body
from mangum import Mangum
app = FastAPI()

@app.post("/mails")
async def mail(email: str = Body(..., embed=True)):
    save(email)

handler = Mangum(app)

## an annotated body | email body.email
from typing import Annotated
from fastapi import FastAPI, Body
from mangum import Mangum
app = FastAPI()

@app.post("/mails")
async def mail(email: Annotated[str, Body(embed=True)]):
    save(email)

handler = Mangum(app)

## a form | email body.email
from fastapi import FastAPI, Form
from mangum import Mangum
app = FastAPI()

@app.post("/mails")
async def mail(email: str = Form(...)):
    save(email)

handler = Mangum(app)

## a query | email queryStringParameters.email
from fastapi import FastAPI, Query
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
async def mail(email: str = Query("x", max_length=50)):
    save(email)

handler = Mangum(app)

## a plain query | email queryStringParameters.email
from typing import Optional
from fastapi import FastAPI
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(email: str | None = None):
    save(email)

handler = Mangum(app)

## a header | email headers.X-Email
from fastapi import FastAPI, Header
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(x_email: str = Header()):
    save(x_email)

handler = Mangum(app)

## a cookie | email cookies.email
from fastapi import FastAPI, Cookie
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(email: str = Cookie(None)):
    save(email)

handler = Mangum(app)

## a path | route GET /mails/{email} | email pathParameters.email
from fastapi import FastAPI, Path
from mangum import Mangum
app = FastAPI()

@app.get("/mails/{email}")
def mail(email: str = Path()):
    save(email)

handler = Mangum(app)

## a dependency | email headers.Authorization
from fastapi import FastAPI, Depends, Header
from mangum import Mangum
app = FastAPI()

def user(authorization: str = Header()):
    return authorization

@app.get("/mails")
def mail(user: str = Depends(user)):
    save(user)

handler = Mangum(app)

## an annotated dependency of a class | email queryStringParameters.email
from typing import Annotated
from fastapi import FastAPI, Depends
from mangum import Mangum
app = FastAPI()

class Common:
    def __init__(self, email: str = ""):
        self.email = email

@app.get("/mails")
def mail(common: Annotated[Common, Depends(Common)]):
    save(common.email)

handler = Mangum(app)

## a router | route POST /api/mails | email body.email
from fastapi import FastAPI, APIRouter
from mangum import Mangum
from pydantic import BaseModel
router = APIRouter(prefix="/api")

class Mail(BaseModel):
    email: str

@router.post("/mails")
def mail(mail: Mail):
    save(mail.email)

app = FastAPI()
app.include_router(router)
handler = Mangum(app)

## the request | email body.email
from fastapi import FastAPI, Request
from mangum import Mangum
app = FastAPI()

@app.post("/mails")
async def mail(request: Request):
    data = await request.json()
    save(data["email"])

handler = Mangum(app)

## the request's query | email queryStringParameters.email
from fastapi import FastAPI, Request
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
async def mail(request: Request):
    save(request.query_params.get("email"))

handler = Mangum(app)

## the event of the request | email requestContext.authorizer.email
from fastapi import FastAPI, Request
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
async def mail(request: Request):
    save(request.scope["aws.event"]["requestContext"]["authorizer"]["email"])

handler = Mangum(app)

## the handler around Mangum | email body.email
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel
app = FastAPI()

class Mail(BaseModel):
    email: str

@app.post("/mails")
def mail(mail: Mail):
    save(mail.email)

def handler(event, context):
    return Mangum(app)(event, context)

## starlette | route POST /mails | email body.email
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from mangum import Mangum

async def mail(request):
    data = await request.json()
    save(data["email"])
    return JSONResponse({})

app = Starlette(routes=[Route("/mails", mail, methods=["POST"])])
handler = Mangum(app)

## starlette's path | email pathParameters.email
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from mangum import Mangum

async def mail(request):
    save(request.path_params["email"])
    return PlainTextResponse("ok")

app = Starlette(routes=[Route("/mails/{email}", endpoint=mail)])
handler = Mangum(app)

## answer html | body ${event.queryStringParameters.name} | headers.Content-Type text/html
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(name: str):
    return HTMLResponse(name)

handler = Mangum(app)

## answer by a response class | body ${event.queryStringParameters.name} | headers.Content-Type text/html
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from mangum import Mangum
app = FastAPI()

@app.get("/mails", response_class=HTMLResponse)
def mail(name: str):
    return name

handler = Mangum(app)

## answer a redirect | headers.Location ${event.queryStringParameters.next}
from fastapi import FastAPI
from starlette.responses import RedirectResponse
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(next: str):
    return RedirectResponse(url=next)

handler = Mangum(app)

## answer json | body.name ${event.queryStringParameters.name} | statusCode 201
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(name: str):
    return JSONResponse(status_code=201, content={"name": name})

handler = Mangum(app)

## answer a response | body ${event.queryStringParameters.name} | headers.Content-Type application/xml
from fastapi import FastAPI, Response
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(name: str):
    return Response(content=name, media_type="application/xml")

handler = Mangum(app)

## answer an error | statusCode 404 | body.detail ${event.queryStringParameters.name}
from fastapi import FastAPI, HTTPException
from mangum import Mangum
app = FastAPI()

@app.get("/mails")
def mail(name: str):
    raise HTTPException(status_code=404, detail=name)

handler = Mangum(app)
"""

CHALICE = """
## json | route POST /mails | email body.email
from chalice import Chalice
app = Chalice(app_name="mails")
handler = app

@app.route("/mails", methods=["POST"])
def mail():
    save(app.current_request.json_body["email"])
    return {}

## a path | route GET /mails/{email} | email pathParameters.email
from chalice import Chalice
app = Chalice(app_name="mails")
handler = app

@app.route("/mails/{email}", methods=["GET"])
def mail(email):
    save(email)
    return {}

## a query | email queryStringParameters.email
from chalice import Chalice
app = Chalice(app_name="mails")
handler = app

@app.route("/mails")
def mail():
    request = app.current_request
    save(request.query_params.get("email"))
    return {}

## a blueprint | route POST /mails | email body.email
from chalice import Chalice, Blueprint
mails = Blueprint(__name__)

@mails.route("/mails", methods=["POST"])
def mail():
    save(mails.current_request.json_body["email"])
    return {}

app = Chalice(app_name="mails")
app.register_blueprint(mails)
handler = app

## a queue | email Records[].body.email
import json
from chalice import Chalice
app = Chalice(app_name="mails")
handler = app

@app.on_sqs_message(queue="mails")
def received(event):
    for record in event:
        save(json.loads(record.body)["email"])

## an object | email Records[].s3.object.key
from chalice import Chalice
app = Chalice(app_name="mails")
handler = app

@app.on_s3_event(bucket="mails")
def received(event):
    save(event.key)

## a topic | email Records[].Sns.Message
from chalice import Chalice
app = Chalice(app_name="mails")
handler = app

@app.on_sns_message(topic="mails")
def received(event):
    save(event.message)

## answer | body ${event.queryStringParameters.name} | headers.Content-Type text/html | statusCode 200
from chalice import Chalice, Response
app = Chalice(app_name="mails")
handler = app

@app.route("/mails")
def mail():
    name = app.current_request.query_params["name"]
    return Response(body=name, status_code=200, headers={"Content-Type": "text/html"})
"""

POWERTOOLS = """
## json | route POST /mails | email body.email
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
app = APIGatewayRestResolver()

@app.post("/mails")
def mail():
    data: dict = app.current_event.json_body
    save(data["email"])
    return {}

def handler(event, context):
    return app.resolve(event, context)

## a path | route GET /mails/<email> | email pathParameters.email
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
app = APIGatewayHttpResolver()

@app.get("/mails/<email>")
def mail(email: str):
    save(email)

def handler(event, context):
    return app.resolve(event, context)

## a query | email queryStringParameters.email
from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver
app = ApiGatewayResolver()

@app.get("/mails")
def mail():
    save(app.current_event.get_query_string_value(name="email", default_value=""))

def handler(event, context):
    return app(event, context)

## a header | email headers.email
from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver
app = LambdaFunctionUrlResolver()

@app.get("/mails")
def mail():
    save(app.current_event.get_header_value(name="email", case_sensitive=False))

def handler(event, context):
    return app.resolve(event, context)

## validation of a body | email body.email
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic import BaseModel
app = APIGatewayRestResolver(enable_validation=True)

class Mail(BaseModel):
    email: str

@app.post("/mails")
def mail(mail: Mail) -> dict:
    save(mail.email)
    return {}

def handler(event, context):
    return app.resolve(event, context)

## validation of a query | email queryStringParameters.email
from typing import Annotated
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.params import Query
app = APIGatewayRestResolver(enable_validation=True)

@app.get("/mails")
def mail(email: Annotated[str, Query(max_length=9)] = ""):
    save(email)

def handler(event, context):
    return app.resolve(event, context)

## a router | route POST /api/mails | email body.email
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.api_gateway import Router
router = Router()

@router.post("/mails")
def mail():
    save(router.current_event.json_body["email"])

app = APIGatewayRestResolver()
app.include_router(router, prefix="/api")
def handler(event, context):
    return app.resolve(event, context)

## appsync | email arguments.email
from aws_lambda_powertools.event_handler import AppSyncResolver
app = AppSyncResolver()

@app.resolver(type_name="Mutation", field_name="createMail")
def create(email: str, name: str):
    save(email)
    return {}

def handler(event, context):
    return app.resolve(event, context)

## an event source of an api | email body.email
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent, event_source

@event_source(data_class=APIGatewayProxyEvent)
def handler(event: APIGatewayProxyEvent, context):
    save(event.json_body["email"])

## an event source by hand | email queryStringParameters.email
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

def handler(event, context):
    event = APIGatewayProxyEventV2(event)
    save(event.query_string_parameters["email"])

## an object's event | email Records[].s3.object.key
from aws_lambda_powertools.utilities.data_classes import S3Event, event_source

@event_source(data_class=S3Event)
def handler(event: S3Event, context):
    for record in event.records:
        save(record.s3.get_object.key)

## a queue's event | email Records[].body.email
from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source

@event_source(data_class=SQSEvent)
def handler(event: SQSEvent, context):
    for record in event.records:
        save(record.json_body["email"])

## a topic's event | email Records[].Sns.Message
from aws_lambda_powertools.utilities.data_classes import SNSEvent, event_source

@event_source(data_class=SNSEvent)
def handler(event: SNSEvent, context):
    for record in event.records:
        save(record.sns.message)

## a table's event | email Records[].dynamodb.NewImage.email
from aws_lambda_powertools.utilities.data_classes import event_source, DynamoDBStreamEvent

@event_source(data_class=DynamoDBStreamEvent)
def handler(event: DynamoDBStreamEvent, context):
    for record in event.records:
        save(record.dynamodb.new_image["email"])

## a stream's event | email Records[].kinesis.data.email
from aws_lambda_powertools.utilities.data_classes import event_source, KinesisStreamEvent

@event_source(data_class=KinesisStreamEvent)
def handler(event: KinesisStreamEvent, context):
    for record in event.records:
        save(record.kinesis.data_as_json()["email"])

## a bus's event | email detail.email
from aws_lambda_powertools.utilities.data_classes import event_source, EventBridgeEvent

@event_source(data_class=EventBridgeEvent)
def handler(event: EventBridgeEvent, context):
    save(event.detail["email"])

## the parser | email body.email
from aws_lambda_powertools.utilities.parser import event_parser, BaseModel
from aws_lambda_powertools.utilities.parser.envelopes import ApiGatewayEnvelope

class Mail(BaseModel):
    email: str

@event_parser(model=Mail, envelope=ApiGatewayEnvelope)
def handler(event: Mail, context):
    save(event.email)

## the parser of a bus | email detail.email
from aws_lambda_powertools.utilities.parser import event_parser, BaseModel, envelopes

class Mail(BaseModel):
    email: str

@event_parser(model=Mail, envelope=envelopes.EventBridgeEnvelope)
def handler(event: Mail, context):
    save(event.email)

## the parser of a queue | email Records[].body.email
from aws_lambda_powertools.utilities.parser import event_parser, BaseModel
from aws_lambda_powertools.utilities.parser.envelopes import SqsEnvelope

class Mail(BaseModel):
    email: str

@event_parser(model=Mail, envelope=SqsEnvelope)
def handler(event: list[Mail], context):
    for one in event:
        save(one.email)

## parse | email email
from aws_lambda_powertools.utilities.parser import parse, BaseModel

class Mail(BaseModel):
    email: str

def handler(event, context):
    mail = parse(event=event, model=Mail)
    save(mail.email)

## parse with an envelope | email body.email
from aws_lambda_powertools.utilities.parser import parse, BaseModel, envelopes

class Mail(BaseModel):
    email: str

def handler(event, context):
    mail = parse(event=event, model=Mail, envelope=envelopes.ApiGatewayEnvelope)
    save(mail.email)

## validation | email body.email
import json
from aws_lambda_powertools.utilities.validation import validator, envelopes

@validator(inbound_schema={}, envelope=envelopes.API_GATEWAY_REST)
def handler(event, context):
    save(event["email"])

## a batch | email Records[].body.email
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
processor = BatchProcessor(event_type=EventType.SQS)

def one(record):
    save(record.json_body["email"])

def handler(event, context):
    return process_partial_response(event=event, record_handler=one, processor=processor, context=context)

## a batch by a decorator | email Records[].body.email
import json
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, batch_processor
processor = BatchProcessor(event_type=EventType.SQS)

def one(record):
    save(json.loads(record.body)["email"])

@batch_processor(record_handler=one, processor=processor)
def handler(event, context):
    return processor.response()

## a batch with the processor | email Records[].body.email
import json
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
processor = BatchProcessor(event_type=EventType.SQS)

def one(record):
    save(json.loads(record["body"])["email"])

def handler(event, context):
    with processor(records=event["Records"], handler=one):
        processor.process()
    return processor.response()

## an idempotent handler | email email
from aws_lambda_powertools.utilities.idempotency import idempotent, DynamoDBPersistenceLayer

@idempotent(persistence_store=DynamoDBPersistenceLayer(table_name="i"))
def handler(event, context):
    save(event["email"])

## an idempotent function | email email
from aws_lambda_powertools.utilities.idempotency import idempotent_function, DynamoDBPersistenceLayer

@idempotent_function(data_keyword_argument="data", persistence_store=DynamoDBPersistenceLayer(table_name="i"))
def one(data):
    save(data["email"])

def handler(event, context):
    one(data=event)

## middleware of the resolver | email headers.email
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
app = APIGatewayRestResolver()

def user(app, next_middleware):
    app.append_context(user=app.current_event.headers["email"])
    return next_middleware(app)

@app.get("/mails", middlewares=[user])
def mail():
    save(app.context.get("user"))
    return {}

def handler(event, context):
    return app.resolve(event, context)

## answer | body ${event.queryStringParameters.name} | headers.Content-Type text/html | statusCode 200
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
app = APIGatewayRestResolver()

@app.get("/mails")
def mail():
    name = app.current_event.query_string_parameters["name"]
    return Response(status_code=200, content_type="text/html", body=name)

def handler(event, context):
    return app.resolve(event, context)

## answer a redirect | headers.Location ${event.queryStringParameters.next} | statusCode 302
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
app = APIGatewayRestResolver()

@app.get("/mails")
def mail():
    return Response(status_code=302, headers={"Location": app.current_event.query_string_parameters["next"]})

def handler(event, context):
    return app.resolve(event, context)

## answer a tuple | body.name ${event.queryStringParameters.name} | statusCode 201
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
app = APIGatewayRestResolver()

@app.get("/mails")
def mail():
    return {"name": app.current_event.query_string_parameters["name"]}, 201

def handler(event, context):
    return app.resolve(event, context)
"""

Analysed = Callable[..., Summary]
ALL = {"flask": FLASK, "fastapi": FASTAPI, "chalice": CHALICE, "powertools": POWERTOOLS}


@pytest.mark.parametrize(("text", "claimed"), claims(ALL))
def test_a_framework(analysed: Analysed, text: str, claimed: list[str]) -> None:
    found = analysed({"app.py": HEAD + text})
    assert [claim for claim in claimed if claim not in seen(found)] == []
